package testkit

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// Options say where and how the program runs; the zero value deploys stack dev of project account-baseline in
// account 123456789012, partition aws, with a default provider in ap-northeast-1.
type Options struct {
	Partition      string            // default aws
	Region         string            // Region of the default provider; default the partition's home
	Account        string            // default 123456789012
	Caller         string            // ARN that getCallerIdentity answers; default the assumed session of a deployer role
	DryRun         bool              // preview
	Project        string            // default account-baseline
	Stack          string            // default dev
	Config         map[string]string // namespace:key to value, as the engine hands it over
	SecretKeys     []string          // keys of Config that are secrets
	EnabledRegions []string          // what getRegions answers; default all Regions of the partition
}

func (o Options) withDefaults(t testing.TB) Options {
	p := partitionNamed(t, orElse(o.Partition, "aws"))
	o.Partition = p.Name
	o.Region = orElse(o.Region, p.Home)
	o.Account = orElse(o.Account, "123456789012")
	o.Caller = orElse(o.Caller, fmt.Sprintf("arn:%s:sts::%s:assumed-role/account-baseline-deployer/ci", o.Partition, o.Account))
	o.Project = orElse(o.Project, "account-baseline")
	o.Stack = orElse(o.Stack, "dev")
	if o.EnabledRegions == nil {
		o.EnabledRegions = p.Regions
	}
	return o
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// Run runs the program and fails the test if the program fails or declares what no engine would accept.
func Run(t testing.TB, o Options, program func(ctx *pulumi.Context) error) *Deployment {
	t.Helper()
	d, err := RunErr(t, o, program)
	require.NoError(t, err)
	return d
}

// RunErr is Run for a program that is expected to fail: it returns the program's error and what was declared before.
func RunErr(t testing.TB, o Options, program func(ctx *pulumi.Context) error) (*Deployment, error) {
	t.Helper()
	o = o.withDefaults(t)
	d := &Deployment{t: t, Options: o, byURN: map[string]*Resource{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		ctx.Log = &logRecorder{deployment: d}
		return program(ctx)
	}, pulumi.WithMocks(o.Project, o.Stack, &recorder{d}), func(info *pulumi.RunInfo) {
		info.DryRun = o.DryRun
		info.Config = o.Config
		info.ConfigSecretKeys = o.SecretKeys
	})
	d.checkDeclarations()
	return d, err
}

// Deployment is what a program declared.
type Deployment struct {
	Options Options

	t         testing.TB
	mutex     sync.Mutex
	resources []*Resource
	byURN     map[string]*Resource
	invokes   []Invoke
	logs      []LogLine
}

// Invoke is a call of a provider function.
type Invoke struct {
	Token    string // such as aws:index/getRegion:getRegion
	Args     map[string]any
	Provider string // URN of the explicit provider, "" for the default one
	Region   string // Region of that provider
}

// LogLine is one line of the program's log.
type LogLine struct{ Severity, Message string }

// Logs are the messages of a severity: info, warning or error.
func (d *Deployment) Logs(severity string) []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	var messages []string
	for _, line := range d.logs {
		if line.Severity == severity {
			messages = append(messages, line.Message)
		}
	}
	return messages
}

// Invokes are the provider functions that the program called.
func (d *Deployment) Invokes() []Invoke {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return append([]Invoke(nil), d.invokes...)
}

type logRecorder struct{ deployment *Deployment }

func (l *logRecorder) add(severity, message string) error {
	l.deployment.mutex.Lock()
	defer l.deployment.mutex.Unlock()
	l.deployment.logs = append(l.deployment.logs, LogLine{severity, message})
	return nil
}

func (l *logRecorder) Debug(m string, _ *pulumi.LogArgs) error { return l.add("debug", m) }
func (l *logRecorder) Info(m string, _ *pulumi.LogArgs) error  { return l.add("info", m) }
func (l *logRecorder) Warn(m string, _ *pulumi.LogArgs) error  { return l.add("warning", m) }
func (l *logRecorder) Error(m string, _ *pulumi.LogArgs) error { return l.add("error", m) }

// checkDeclarations refuses what the engine or AWS would refuse whatever the component.
func (d *Deployment) checkDeclarations() {
	d.t.Helper()
	seen := map[string]bool{}
	for _, r := range d.resources {
		if seen[r.URN] {
			d.t.Errorf("%s is declared twice", r.URN)
		}
		seen[r.URN] = true
		for _, s := range r.Strings() {
			if strings.Contains(s.Value, "%!") || strings.Contains(s.Value, "Calling [ToString]") {
				d.t.Errorf("%s: %s holds a value that was formatted wrongly: %s", r.URN, s.Path, s.Value)
			}
		}
	}
	for _, p := range d.Policies() {
		if p.Err != nil {
			d.t.Errorf("%s: the policy in %s is refused: %v", p.Resource.URN, p.Property, p.Err)
		}
		for _, s := range stringsIn("", p.Decoded) {
			if s.Value == "" {
				d.t.Errorf("%s: the policy in %s holds an empty string at %s", p.Resource.URN, p.Property, s.Path)
			}
		}
	}
}
