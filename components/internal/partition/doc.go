// Package partition holds what differs between AWS partitions: the DNS suffix, the Regions, the Region in which the
// events of global services appear, and which features exist. It is data with a few look-ups; nothing here asks AWS.
package partition
