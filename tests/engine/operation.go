package engine

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/framework"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/graph"
	"github.com/pulumi/pulumi/pkg/v3/util/cancel"
	pkgworkspace "github.com/pulumi/pulumi/pkg/v3/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/common/esc"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
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

// operation is what the engine is asked to do.
type operation struct {
	do      framework.TestOp
	preview bool
	refresh bool                                // steps are what was found, not what was done
	exclude func([]*pkgresource.State) []string // URNs that are left alone; nil: none
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

	options := engine.UpdateOptions{Parallel: s.options.Parallel, HostFactory: account.hostFactory()}
	if options.Parallel == 0 {
		options.Parallel = DefaultParallel
	}
	if base := info.Target.Snapshot; o.exclude != nil && base != nil {
		options.Excludes = deploy.NewUrnTargets(o.exclude(base.Resources))
	}

	cancellation, _ := cancel.NewContext(background)
	events := make(chan engine.Event)
	ctx := &engine.Context{
		Cancel: cancellation, Events: events, BackendClient: &deploytest.BackendClient{}, PluginManager: framework.NopPluginManager{},
	}
	var journal *engine.TestJournal
	if !o.preview {
		journal = engine.NewTestJournal()
		ctx.SnapshotManager = journal
	}
	collected := collect(events)
	_, _, result.Err = o.do(info, ctx, options, o.preview)
	close(events)
	result.Events = <-collected
	result.read(o.refresh)
	if o.preview {
		return result, nil
	}
	if err := journal.Close(); err != nil {
		return result, err
	}
	after, err := journal.Entries().Snap(info.Target.Snapshot)
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
