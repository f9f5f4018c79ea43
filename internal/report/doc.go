// Package report makes one HTML page of what a stack declares: where it stands, which controls it meets, what it costs, whom
// its alerts reach, and what is left to people.
//
// Read takes the output of `pulumi preview --json --show-sames`; Write makes the page, which loads nothing from anywhere and
// runs no script. Names and addresses of the stack appear in it, secrets do not: of inputs and outputs it shows only what it
// knows.
package report
