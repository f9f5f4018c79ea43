// Package policies holds every policy that the program declares against a table of who may do what.
//
// A policy is crossed with everybody who might ask ([Cast]), every action that matters to the resource, and the
// circumstances of a request, such as its connection or its encryption context. Each of these requests is decided by
// policyeval. What the table allows must be allowed, and everything else denied, so that a statement which lets one
// more person in, or one person more do, fails a test. [Composition.Complete] finds what a policy names and the table
// does not know; [Mutations] are the mistakes that the table has to notice.
package policies
