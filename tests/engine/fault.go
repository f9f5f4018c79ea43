package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// Fault is what goes wrong with a call; the zero value is nothing.
type Fault struct {
	Before error         // instead of doing anything
	After  error         // after the work was done, as a lost answer would be
	Delay  time.Duration // before either
	// Done is called when the work was done, with the id that a creation has given; nil: nothing.
	Done func(awssim.Operation)
}

// Faults decides about one call on a resource. It is called concurrently.
type Faults func(awssim.Operation) Fault

// around stands around every call of the stack on its account.
func (s *Stack) around(ctx context.Context, o *awssim.Operation, work func() error) error {
	if s.options.Faults != nil {
		fault := s.options.Faults(*o)
		sound := work
		work = func() error {
			if fault.Before != nil {
				return fault.Before
			}
			if err := sound(); err != nil {
				return err
			}
			if fault.Done != nil {
				fault.Done(*o)
			}
			return fault.After
		}
		if fault.Delay > 0 {
			select {
			case <-time.After(fault.Delay):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	if dying := s.dying.Load(); dying != nil {
		return dying.around(ctx, o, work)
	}
	return work()
}

var errDead = errors.New("the process is dead")

// death is the end of a process in the middle of an operation.
type death struct {
	moment func(awssim.Operation) bool
	wave   *wave // in the place of a moment; nil: none

	mutex sync.RWMutex // held for reading by each call at work
	dead  bool
	once  sync.Once
	kill  func() // the process, by closing its books and connections
}

// around lets the account work until the moment has come. From then on the account does nothing any more, and no answer
// reaches anybody: the calls under way have been done or have not, and nobody knows.
func (d *death) around(ctx context.Context, o *awssim.Operation, work func() error) error {
	if d.wave != nil {
		return d.wave.around(ctx, d, o, work)
	}
	d.mutex.RLock()
	if d.dead {
		d.mutex.RUnlock()
		return errDead
	}
	err := work()
	d.mutex.RUnlock()
	if err != nil || !d.moment(*o) {
		return err
	}
	d.end()
	<-ctx.Done()
	return errDead
}

func (d *death) end() {
	d.once.Do(func() {
		d.mutex.Lock()
		d.dead = true
		d.mutex.Unlock()
		go d.kill()
	})
}

// lastWords are the books of a process that dies: what a component says after they were closed is not written, and nobody is
// told. The engine would go on with a step that it does not have.
type lastWords struct{ engine.SnapshotManager }

func (w lastWords) RegisterResourceOutputs(step deploy.Step) error {
	_ = w.SnapshotManager.RegisterResourceOutputs(step)
	return nil
}
