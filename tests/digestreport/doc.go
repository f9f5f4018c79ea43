// Package digestreport runs the state machine of the weekly digest on answers of AWS. It is a module of its own because JSONata
// is no business of who imports a component.
package digestreport
