package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"
)

// Dependency is that a resource of the program waits for another, both given by their names.
type Dependency struct{ Of, On string }

func (d Dependency) String() string { return d.Of + " on " + d.On }

// mutate puts relays between engine and program, so that the program does not have the dependencies that the options
// take away, and returns the address that takes the place of the language host's. A program waits by itself: only when
// a resource is answered does it register what depends on it. So the resource that is depended on is answered at once,
// while the engine is at it, and all that may still wait for it is held back. It must be one whose outputs nobody uses.
func (s *Stack) mutate(host string) (string, error) {
	program, err := newRelay(host, func(ctx context.Context, method string, request []byte, forward forward) ([]byte, error) {
		if method != pulumirpc.LanguageRuntime_Run_FullMethodName {
			return forward(ctx, request)
		}
		var run pulumirpc.RunRequest
		if err := proto.Unmarshal(request, &run); err != nil {
			return nil, err
		}
		m := &mutation{without: s.options.Without, stack: tokens.QName(run.GetStack()), project: tokens.PackageName(run.GetProject()),
			ahead: map[string]chan struct{}{}}
		monitor, err := newRelay(run.GetMonitorAddress(), m.handle)
		if err != nil {
			return nil, err
		}
		run.MonitorAddress = monitor.address()
		changed, err := proto.Marshal(&run)
		if err != nil {
			return nil, errors.Join(err, monitor.close())
		}
		answer, err := forward(ctx, changed)
		return answer, errors.Join(err, monitor.close())
	})
	if err != nil {
		return "", err
	}
	s.t.Cleanup(func() { _ = program.close() })
	return program.address(), nil
}

// mutation is what one run of the program is told.
type mutation struct {
	without []Dependency
	stack   tokens.QName
	project tokens.PackageName

	mutex sync.Mutex
	ahead map[string]chan struct{} // answered ahead of the engine, by URN; closed when the engine has answered
	group sync.WaitGroup
	err   error
}

func (m *mutation) handle(ctx context.Context, method string, request []byte, forward forward) ([]byte, error) {
	switch method {
	case pulumirpc.ResourceMonitor_RegisterResource_FullMethodName:
		var register pulumirpc.RegisterResourceRequest
		if err := proto.Unmarshal(request, &register); err != nil {
			return nil, err
		}
		return m.register(ctx, &register, forward)
	case pulumirpc.ResourceMonitor_SignalAndWaitForShutdown_FullMethodName, pulumirpc.ResourceMonitor_RegisterResourceOutputs_FullMethodName:
		m.group.Wait()
		m.mutex.Lock()
		err := m.err
		m.mutex.Unlock()
		if err != nil {
			return nil, err
		}
	}
	return forward(ctx, request)
}

func (m *mutation) register(ctx context.Context, r *pulumirpc.RegisterResourceRequest, forward forward) ([]byte, error) {
	gone := func(urn string) bool {
		return slices.Contains(m.without, Dependency{Of: r.GetName(), On: resource.URN(urn).Name()})
	}
	r.Dependencies = slices.DeleteFunc(r.GetDependencies(), gone)
	for _, property := range r.GetPropertyDependencies() {
		property.Urns = slices.DeleteFunc(property.GetUrns(), gone)
	}
	needed := slices.Clone(r.GetDependencies())
	for _, property := range r.GetPropertyDependencies() {
		needed = append(needed, property.GetUrns()...)
	}
	for _, urn := range needed {
		m.mutex.Lock()
		answered := m.ahead[urn]
		m.mutex.Unlock()
		if answered == nil {
			continue
		}
		select {
		case <-answered:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	request, err := proto.Marshal(r)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(m.without, func(d Dependency) bool { return d.On == r.GetName() }) || !r.GetCustom() {
		return forward(ctx, request)
	}

	var parent tokens.Type
	if urn := resource.URN(r.GetParent()); urn != "" && urn.QualifiedType() != resource.RootStackType {
		parent = urn.QualifiedType()
	}
	urn := string(resource.NewURN(m.stack, m.project, parent, tokens.Type(r.GetType()), r.GetName()))
	answered := make(chan struct{})
	m.mutex.Lock()
	m.ahead[urn] = answered
	m.mutex.Unlock()
	m.group.Add(1)
	go func() {
		defer m.group.Done()
		defer close(answered)
		answer, err := forward(context.WithoutCancel(ctx), request)
		var registered pulumirpc.RegisterResourceResponse
		if err == nil {
			err = proto.Unmarshal(answer, &registered)
		}
		if err == nil && registered.GetUrn() != urn {
			err = fmt.Errorf("%s was answered ahead of time as %s", registered.GetUrn(), urn)
		}
		m.mutex.Lock()
		defer m.mutex.Unlock()
		m.err = errors.Join(m.err, err)
	}()
	return proto.Marshal(&pulumirpc.RegisterResourceResponse{Urn: urn, Id: "ahead of the account", Object: r.GetObject()})
}
