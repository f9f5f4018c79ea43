// Package billreport runs the state machine of the bill report on recorded answers of AWS. It is a module of its own because
// JSONata is no business of who imports a component.
package billreport
