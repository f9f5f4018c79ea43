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
//     them; Options.Parallel is the number of calls at a time.
//
// # The module
//
// It is a module of its own, so that who imports a component does not get the engine. Run it with
//
//	cd tests/engine && go vet ./... && go test ./...
//
// The first run compiles the engine and the program, which takes minutes; later ones take about a minute and a half on two
// cores. Two variables of the environment change what is run:
//
//   - ENGINE_LONG=1, which `make test-long` sets, adds the rows that a change rarely breaks, and draws 100 random settings
//     instead of a few: some minutes more.
//   - ENGINE_SEED=1 draws other random settings. A failure prints the seed and the settings; with -run and the number of
//     the draw it is repeated alone.
package engine
