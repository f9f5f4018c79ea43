package main

import (
	"errors"
	"fmt"
)

var errLocked = errors.New("another pulumi-local works on this project; wait until it has ended")

// lock keeps a second pulumi-local away from the same account and state. Call unlock at the end.
func (p project) lock() (unlock func(), err error) {
	unlock, err = lockFile(p.path("lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("%w (lock %s)", err, p.path("lock"))
	}
	return unlock, err
}
