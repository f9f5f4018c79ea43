package awssim

import (
	"context"
	"errors"
)

// Operation is one call of the engine about a resource: a create, read, update or delete that is no preview.
type Operation struct {
	Op     string // create, read, update or delete
	URN    string
	Type   string // token, such as aws:s3/bucketV2:BucketV2
	Name   string // of the resource in the program
	Region string // of the provider instance
	// ID is the resource's id. Of a create it is known when the work is done.
	ID string
}

// Around performs an operation in the place of the account: it calls work, once, to let the account do it, and returns
// what the engine is told. An operation that fails before anything happens does not call work; one whose answer is lost
// returns an error after it; one that takes its time waits before it. The account is not locked meanwhile, so that other
// operations go on. ctx ends when the engine has gone. It is called concurrently.
type Around func(ctx context.Context, o *Operation, work func() error) error

// ErrThrottled is what a call ends with that AWS has throttled for longer than the provider's retries last:
// https://docs.aws.amazon.com/general/latest/gr/api-retries.html.
var ErrThrottled = errors.New("ThrottlingException: Rate exceeded (https://docs.aws.amazon.com/general/latest/gr/api-retries.html)")
