// Package controls is the map of controls: which recommendation of a benchmark is met by what a program declares, which is
// only watched over, which is left to people, and which not at all.
//
// The tables have a row per recommendation of the CIS AWS Foundations Benchmark (v3.0.0, v5.0.0 and v7.0.0), per control of
// AWS Security Hub and of the AWS Startup Security Baseline that is in reach, and per promise of the baseline that no
// benchmark asks for. A row holds checks: functions of the declared resources that either hold, and name the resources that
// make them hold, or say what is missing. Judge runs them all.
//
// Only what is declared counts. What exists in the account without the stack, and what the user's own stacks declare, is not
// seen.
package controls
