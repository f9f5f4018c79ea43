// Package argdocs writes the tables of arguments in the pages of docs from the doc comments of the Go types, so that a page
// cannot say anything else than the code. A table stands between the lines
//
//	<!-- arguments: PACKAGE.TYPE -->
//	<!-- /arguments -->
//
// where PACKAGE is the path below components, such as configbaseline/confighistory. What a comment has to say: every
// field says "Default: …" in a sentence of its own, or "Required"; every struct of the same package that a field leads to
// has a table too, on whichever page.
package argdocs

//go:generate go run ./generate
