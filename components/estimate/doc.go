// Package estimate says what the declared resources cost a month, before anything is created.
//
// [Declared] runs a program's own body without the engine and returns the resources that it would register. [Monthly] prices
// them: a table says what each resource type is paid for (kinds.go), [Volumes] say how much of it an account uses, and a dated
// table of AWS's prices, each with its source, says what that costs (prices.go). The [Estimate] has a line for each component,
// Region and driver. [Difference] puts two estimates beside each other in words, [Estimate.Over] holds one against a limit.
//
// What the estimate does not cover, it says: [Estimate.Uncovered] names it, and no price is guessed.
package estimate
