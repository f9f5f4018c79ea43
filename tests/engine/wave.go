package engine

import (
	"context"
	"sync"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/engine"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// Catcher decides which calls are under way when a process dies. It is called concurrently.
type Catcher interface {
	// Catch says whether nobody hears of a call again, and whether AWS has done it by then.
	Catch(awssim.Operation) (caught, done bool)
	// Answered is told what AWS has answered, heard or not.
	Answered(awssim.Operation, error)
}

// UpUntilQuiet deploys until nothing goes on but calls that are caught, and kills the process then. Where none is caught it
// ends as it should.
func (s *Stack) UpUntilQuiet(catch Catcher) Result {
	s.t.Helper()
	return s.run(operation{do: engine.Update, death: &death{wave: newWave(catch)}})
}

// DestroyUntilQuiet is UpUntilQuiet for a destroy.
func (s *Stack) DestroyUntilQuiet(catch Catcher) Result {
	s.t.Helper()
	return s.run(operation{do: engine.Destroy, death: &death{wave: newWave(catch)}})
}

// afterLast is how long no call comes or goes when all that goes on is caught. Where it is too short for a slow machine, a
// process dies earlier, and more of them have to.
const afterLast = 60 * time.Millisecond

// wave is the calls that are under way together when a process dies.
type wave struct {
	catch Catcher

	mutex  sync.Mutex
	caught int
	last   *time.Timer // fires when it is quiet; nil before the first is caught
}

func newWave(catch Catcher) *wave { return &wave{catch: catch} }

// stir says that a call comes or goes; whenever it is quiet after one was caught, end is called.
func (w *wave) stir(caught bool, end func()) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if caught {
		w.caught++
	}
	switch {
	case w.caught == 0:
	case w.last == nil:
		w.last = time.AfterFunc(afterLast, end)
	default:
		w.last.Reset(afterLast)
	}
}

// around lets a call pass, or catches it. A call that AWS refuses is answered in any case.
func (w *wave) around(ctx context.Context, d *death, o *awssim.Operation, work func() error) error {
	w.stir(false, d.end)
	d.mutex.RLock()
	if d.dead {
		d.mutex.RUnlock()
		return errDead
	}
	caught, done := w.catch.Catch(*o)
	var err error
	if !caught || done {
		err = work()
		w.catch.Answered(*o, err)
	}
	d.mutex.RUnlock()
	if !caught || err != nil {
		w.stir(false, d.end)
		return err
	}
	w.stir(true, d.end)
	<-ctx.Done()
	return errDead
}
