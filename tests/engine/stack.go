package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

// stackName is the name of every stack: each has an account of its own.
const stackName = "dev"

// crypter stands for the stack's passphrase: what it encrypts is not to be read at a glance, no more.
var crypter = config.Base64Crypter

var background = context.Background()

// clock is what the accounts go by, so that two accounts with the same history are equal.
var clock = time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)

// Options say what is deployed, where to, and by whom.
type Options struct {
	// Settings are the stack's. aws:region is Home unless they say otherwise.
	Settings Settings
	// Partition, AccountID, Caller and MFA are those of awssim.Options.
	Partition, AccountID, Caller string
	MFA                          bool
	// Faults are what goes wrong in the account; nil: nothing.
	Faults Faults
	// Parallel is the number of resource operations at a time; default DefaultParallel.
	Parallel int32
	// ContinueOnError lets what does not depend on a failed resource go on, as --continue-on-error does.
	ContinueOnError bool
	// Without are dependencies of the program that the engine and the account do not get to see.
	Without []Dependency
	// Measure is told what each run of the program has used; nil: nobody asks.
	Measure func(usage.Usage)
}

// Home is the home Region of a stack whose settings name none, by partition.
var Home = map[string]string{"": "ap-northeast-1", "aws": "ap-northeast-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}

// DefaultParallel is the CLI's own default for a machine with four cores.
const DefaultParallel = 16

// Stack is the program deployed to a simulated account of its own. Its methods are for one goroutine, but a stack that
// rests may be forked by many.
type Stack struct {
	t        testing.TB
	options  Options
	settings Settings
	server   *awssim.Server
	state    *apitype.DeploymentV3 // nil before the first update
	dying    atomic.Pointer[death] // of the operation under way; nil: it lives
	meter    *meteredHost          // of Options.Measure; nil before its first operation
}

// New makes an account and a stack in which nothing is deployed. The account ends with the test.
func New(t testing.TB, o Options) *Stack {
	t.Helper()
	s := &Stack{t: t, options: o, settings: Settings{"aws:region": Home[o.Partition]}.With(o.Settings)}
	s.serve()
	return s
}

func (s *Stack) serve() {
	s.t.Helper()
	o := awssim.Options{
		Partition: s.options.Partition, AccountID: s.options.AccountID, Caller: s.options.Caller, MFA: s.options.MFA,
		Now: func() time.Time { return clock }, Around: s.around,
	}
	server, err := awssim.Serve(o)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { require.NoError(s.t, server.Close()) })
	s.server = server
}

// Change changes the stack's settings, from the next operation on.
func (s *Stack) Change(changes Settings) { s.settings = s.settings.With(changes) }

// Settings are the stack's present settings.
func (s *Stack) Settings() Settings { return s.settings.With(nil) }

// Fork returns a copy of the stack with a copy of the account, for the test given. What happens to one does not touch
// the other.
func (s *Stack) Fork(t testing.TB) *Stack {
	t.Helper()
	return s.as(t, s.options)
}

// As returns a fork that is deployed by another caller.
func (s *Stack) As(t testing.TB, caller string) *Stack {
	t.Helper()
	o := s.options
	o.Caller = caller
	return s.as(t, o)
}

// WithFaults returns a fork whose account fails as told.
func (s *Stack) WithFaults(t testing.TB, faults Faults) *Stack {
	t.Helper()
	return s.With(t, func(o *Options) { o.Faults = faults })
}

// With returns a fork with other options. Its settings are the stack's.
func (s *Stack) With(t testing.TB, change func(*Options)) *Stack {
	t.Helper()
	o := s.options
	change(&o)
	return s.as(t, o)
}

func (s *Stack) as(t testing.TB, o Options) *Stack {
	t.Helper()
	fork := &Stack{t: t, options: o, settings: s.settings.With(nil), state: s.state}
	fork.serve()
	content := withCallers(t, s.AccountContent(), fork.AccountContent())
	require.NoError(t, fork.Account().Update(func(a *awssim.Account) { require.NoError(t, json.Unmarshal(content, a)) }))
	return fork
}

// Forget loses the stack's state, as by a deleted backend. The account keeps what is in it.
func (s *Stack) Forget() { s.state = nil }

// Account is the simulated account.
func (s *Stack) Account() *awssim.Account { return s.server.Account() }

// AccountContent is everything the account holds, as JSON.
func (s *Stack) AccountContent() []byte {
	s.t.Helper()
	var content []byte
	require.NoError(s.t, s.Account().Update(func(a *awssim.Account) {
		var err error
		content, err = json.Marshal(a)
		require.NoError(s.t, err)
	}))
	return content
}

// State is the stack's state as `pulumi stack export` writes it, secrets encrypted; nil before the first update.
func (s *Stack) State() *apitype.DeploymentV3 { return s.state }

// Resources are the resources of the state, by URN.
func (s *Stack) Resources() map[string]apitype.ResourceV3 {
	all := map[string]apitype.ResourceV3{}
	if s.state != nil {
		for _, r := range s.state.Resources {
			all[string(r.URN)] = r
		}
	}
	return all
}

// snapshot reads the state for one operation: the engine changes what it is given.
func (s *Stack) snapshot() (*deploy.Snapshot, error) {
	if s.state == nil {
		return nil, nil
	}
	snapshot, err := stack.DeserializeDeploymentV3(background, *s.state, b64.Base64SecretsProvider)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	return snapshot, nil
}

func (s *Stack) keep(snapshot *deploy.Snapshot) error {
	snapshot.SecretsManager = b64.NewBase64SecretsManager()
	state, err := stack.SerializeDeployment(background, snapshot, false)
	if err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	s.state = state
	return nil
}
