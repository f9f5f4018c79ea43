// Package engine runs the real program in the real Pulumi engine, against a simulated AWS account, inside a test.
//
//	stack := engine.New(t, engine.Options{Settings: engine.Settings{
//	    "alerts": engine.Settings{"emails": []string{"security@example.com"}},
//	}})
//	up := stack.Up() // up.Err, up.Steps, up.Outputs, up.Diagnostics, up.Events
//	stack.Change(engine.Settings{"archive": engine.Settings{"retentionDays": 3650}})
//	preview := stack.Preview()
//
// Nothing is imitated between the settings and the AWS calls. main.go of the repository is compiled once in a test run
// and started for every operation, by the language host that pulumi-local uses; the engine is the one of the pulumi CLI,
// called as the CLI calls it, with the project's schema and defaults; the account is package awssim, reached through the
// provider protocol, one connection for each provider. The state goes through its serialized form between operations.
// An operation takes about a tenth of a second.
//
// # What a test can do with a stack
//
//   - Preview, Up, Refresh and Destroy run one operation each. A failed one leaves its state behind, as with the CLI.
//   - Change changes settings, Fork and As copy the stack with its account, As for another caller.
//   - Account is the account, to be changed by hand or asked ([awssim.Account.Do], [awssim.Account.DeliverTrail]);
//     AccountContent, Remains and DifferentAccounts compare what it holds; Plant puts something there beforehand.
//   - State is the exported state; Forget loses it.
//   - [Faults], given in the options or to WithFaults, makes calls fail before or after they did their work, or delays
//     them; Options.Parallel is the number of calls at a time, Options.ContinueOnError goes on beside a failure.
//   - UpUntil and DestroyUntil kill the process in the middle, UpUntilQuiet and DestroyUntilQuiet when nothing goes on but what
//     a [Catcher] has caught; PendingOperations, ClearPendingCreates and Import are what the CLI offers afterwards.
//   - [DifferentStacks] compares two stacks with different histories. Options.Without takes dependencies away from the
//     program, to see that somebody notices.
//
// # The module
//
// It is a module of its own, so that who imports a component does not get the engine. Run it with
//
//	cd tests/engine && go vet ./... && go test ./...
//
// Each test has a process of its own, three at a time on two cores, since the engine gives no memory back; with -run they share one.
// The first run compiles the engine and the program, which takes minutes; later ones take some ten on two cores, and no
// process more than 3 GB. A result is never taken from the cache of go test when -count=1 is given, as the Makefile does: go
// does not know that it depends on the program. Two variables of the environment change what is run:
//
//   - ENGINE_LONG=1, which `make test-long` sets, adds the rows that a change rarely breaks, and draws ten times as many random
//     settings and orders.
//   - ENGINE_SEED=1 draws other random settings. A failure prints the seed and the settings; with -run and the number of
//     the draw it is repeated alone.
//
// Others are for the Makefile: ENGINE_BENCH (all, scale or build) measures, ENGINE_RECORD records the states of a version, and
// ENGINE_RELEASE compares with them.
package engine
