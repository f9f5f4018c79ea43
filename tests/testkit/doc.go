// Package testkit runs a Pulumi program against recording mocks and answers questions about what it declared.
//
// [Run] executes the program; the [Deployment] that comes back holds every resource with its inputs, options and
// provider, every invoke, and every log line. Outputs have the shape that AWS gives them (see outputs.go), in the
// partition and Region of the provider that the resource uses. [BothModes] and [Partitions] repeat a test where a
// property has to hold everywhere.
package testkit
