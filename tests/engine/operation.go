package engine

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/framework"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/graph"
	"github.com/pulumi/pulumi/pkg/v3/util/cancel"
	pkgworkspace "github.com/pulumi/pulumi/pkg/v3/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/esc"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// Preview says what Up would do.
func (s *Stack) Preview() Result {
	s.t.Helper()
	return s.run(operation{do: engine.Update, preview: true})
}

// Up deploys.
func (s *Stack) Up() Result {
	s.t.Helper()
	return s.run(operation{do: engine.Update})
}

// Refresh compares the state with the account and brings it up to date.
func (s *Stack) Refresh() Result {
	s.t.Helper()
	return s.run(operation{do: engine.Refresh, refresh: true})
}

// Destroy deletes everything; with excludeProtected, everything but the protected resources and what they need, as
// `pulumi destroy --exclude-protected` does.
func (s *Stack) Destroy(excludeProtected bool) Result {
	s.t.Helper()
	destroy := operation{do: engine.Destroy}
	if excludeProtected {
		destroy.exclude = protected
	}
	return s.run(destroy)
}

// Import takes resources that exist in the account into the state, as `pulumi import` does.
func (s *Stack) Import(resources ...deploy.Import) Result {
	s.t.Helper()
	return s.run(operation{do: func(info engine.UpdateInfo, ctx *engine.Context, options engine.UpdateOptions, preview bool) (
		*deploy.Plan, display.ResourceChanges, error,
	) {
		return engine.Import(info, ctx, options, resources, preview)
	}})
}

// UpUntil deploys until the call of the moment is done, and kills the process before the call is answered, as a crash, a
// second Ctrl-C or the end of a job does. The state is what had been written until then.
func (s *Stack) UpUntil(moment func(awssim.Operation) bool) Result {
	s.t.Helper()
	return s.run(operation{do: engine.Update, death: &death{moment: moment}})
}

// DestroyUntil is UpUntil for a destroy.
func (s *Stack) DestroyUntil(moment func(awssim.Operation) bool) Result {
	s.t.Helper()
	return s.run(operation{do: engine.Destroy, death: &death{moment: moment}})
}

// PendingOperations are the operations that were under way when a process was killed, such as "creating URN".
func (s *Stack) PendingOperations() []string {
	var pending []string
	if s.state != nil {
		for _, operation := range s.state.PendingOperations {
			pending = append(pending, fmt.Sprintf("%s %s", operation.Type, operation.Resource.URN))
		}
	}
	return pending
}

// ClearPendingCreates forgets the creations under way when a process was killed, as `pulumi refresh
// --clear-pending-creates` does before it refreshes.
func (s *Stack) ClearPendingCreates() {
	state := *s.state
	state.PendingOperations = slices.DeleteFunc(slices.Clone(state.PendingOperations), func(o apitype.OperationV2) bool {
		return o.Type == apitype.OperationTypeCreating
	})
	s.state = &state
}

// operation is what the engine is asked to do.
type operation struct {
	do      framework.TestOp
	preview bool
	refresh bool                                // steps are what was found, not what was done
	exclude func([]*pkgresource.State) []string // URNs that are left alone; nil: none
	death   *death                              // in the middle; nil: it ends as it should
}

// run lets the engine do the operation as the CLI does, and keeps the state that it leaves behind, also after a failure.
func (s *Stack) run(o operation) Result {
	result, err := s.perform(o)
	if err != nil {
		result.Err = errors.Join(result.Err, err)
	}
	return result
}

func (s *Stack) perform(o operation) (result Result, err error) {
	info, err := s.updateInfo()
	if err != nil {
		return result, err
	}
	account := &attachments{address: fmt.Sprintf("127.0.0.1:%d", s.server.Port())}
	defer func() { err = errors.Join(err, account.close()) }()

	options := engine.UpdateOptions{
		Parallel: s.options.Parallel, HostFactory: account.hostFactory(), ContinueOnError: s.options.ContinueOnError,
	}
	if options.Parallel == 0 {
		options.Parallel = DefaultParallel
	}
	if base := info.Target.Snapshot; o.exclude != nil && base != nil {
		options.Excludes = deploy.NewUrnTargets(o.exclude(base.Resources))
	}

	cancellation, source := cancel.NewContext(background)
	// The engine leaves a goroutine behind for each operation, since a process has one. It is not to keep a state alive.
	defer func() {
		source.Cancel()
		source.Terminate()
		*info.Target = deploy.Target{}
	}()
	events := make(chan engine.Event)
	ctx := &engine.Context{
		Cancel: cancellation, Events: events, BackendClient: &deploytest.BackendClient{}, PluginManager: framework.NopPluginManager{},
	}
	before := info.Target.Snapshot
	var journal *engine.TestJournal
	if !o.preview {
		journal = engine.NewTestJournal()
		ctx.SnapshotManager = journal
		if o.death != nil {
			ctx.SnapshotManager = lastWords{journal}
		}
	}
	closeJournal := sync.OnceValue(journal.Close)
	if o.death != nil {
		o.death.kill = func() {
			_, _ = closeJournal(), account.close() // a dead process reports nothing
			source.Terminate()
		}
		s.dying.Store(o.death)
		defer s.dying.Store(nil)
	}
	collected := collect(events)
	_, _, result.Err = o.do(info, ctx, options, o.preview)
	close(events)
	if s.options.Measure != nil {
		used, err := s.meter.Read()
		if err != nil {
			return result, err
		}
		s.options.Measure(used)
	}
	result.Events = <-collected
	result.read(o.refresh)
	if o.preview {
		return result, nil
	}
	if err := closeJournal(); err != nil {
		return result, err
	}
	after, err := journal.Entries().Snap(before)
	if err != nil {
		return result, fmt.Errorf("the state is damaged: %w", err)
	}
	return result, s.keep(after)
}

func collect(events <-chan engine.Event) <-chan []engine.Event {
	collected := make(chan []engine.Event, 1)
	go func() {
		var all []engine.Event
		for event := range events {
			all = append(all, event)
		}
		collected <- all
	}()
	return collected
}

// updateInfo is the project as it is in the repository, with the stack's settings checked against it and its defaults
// filled in, as the CLI does.
func (s *Stack) updateInfo() (engine.UpdateInfo, error) {
	root, err := repository()
	if err != nil {
		return engine.UpdateInfo{}, err
	}
	project, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return engine.UpdateInfo{}, err
	}
	address, err := languageRuntime()
	if err != nil {
		return engine.UpdateInfo{}, err
	}
	if s.options.Measure != nil {
		if address, err = s.measured(); err != nil {
			return engine.UpdateInfo{}, err
		}
	}
	if len(s.options.Without) > 0 {
		if address, err = s.mutate(address); err != nil {
			return engine.UpdateInfo{}, err
		}
	}
	// "client" is the engine's name for a language host that runs already.
	project.Runtime = workspace.NewProjectRuntimeInfo("client", map[string]any{"address": address})
	stackConfig, err := s.settings.stackConfig()
	if err != nil {
		return engine.UpdateInfo{}, err
	}
	if err := pkgworkspace.ValidateStackConfigAndApplyProjectConfig(background, stackName, project, esc.Value{},
		stackConfig, crypter, crypter); err != nil {
		return engine.UpdateInfo{}, err
	}
	snapshot, err := s.snapshot()
	if err != nil {
		return engine.UpdateInfo{}, err
	}
	return engine.UpdateInfo{Root: root, Project: project, Target: &deploy.Target{
		Name: tokens.MustParseStackName(stackName), Organization: "organization",
		Config: stackConfig, Decrypter: crypter, Snapshot: snapshot,
	}}, nil
}

// protected are the URNs of protected resources and of all that they depend on.
func protected(resources []*pkgresource.State) []string {
	dependencies := graph.NewDependencyGraph(resources)
	kept := map[string]bool{}
	for _, r := range resources {
		if !r.Protect {
			continue
		}
		kept[string(r.URN)] = true
		for needed := range dependencies.TransitiveDependenciesOf(r).Iter() {
			kept[string(needed.URN)] = true
		}
	}
	urns := make([]string, 0, len(kept))
	for urn := range kept {
		urns = append(urns, urn)
	}
	return urns
}
