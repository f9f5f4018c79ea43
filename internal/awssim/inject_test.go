package awssim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOperationsFailBeforeAndAfterTheWorkAndAreRecorded(t *testing.T) {
	var seen []Operation
	var before, after error
	c := serve(t, Options{Around: func(_ context.Context, o *Operation, work func() error) error {
		defer func() { seen = append(seen, *o) }()
		if before != nil {
			return before
		}
		return errors.Join(work(), after)
	}})
	before = ErrThrottled
	_, err := c.try(bucketToken, "b", props{"bucket": "archive-1"})
	require.ErrorContains(t, err, "ThrottlingException")
	assert.Empty(t, c.account().S3.Buckets)

	before, after = nil, errors.New("connection reset")
	_, err = c.try(bucketToken, "b", props{"bucket": "archive-1"})
	require.ErrorContains(t, err, "connection reset")
	assert.NotEmpty(t, c.account().S3.Buckets, "a lost answer leaves the bucket behind")

	urn := testURN(bucketToken, "b")
	refused := Operation{Op: "create", URN: urn, Type: bucketToken, Name: "b", Region: seen[0].Region}
	done := refused
	done.ID = "archive-1"
	assert.Equal(t, []Operation{refused, done}, seen)
	assert.NotEmpty(t, seen[0].Region)
}

func TestIDsAreFoundHoweverTheyAreWritten(t *testing.T) {
	c := serve(t)
	a := c.account()
	text := strings.Join([]string{a.hexID(20), a.uuid(), "AROA" + a.upperID(17), "config-rule-" + strings.ToLower(a.upperID(6)), "recorder", a.ID}, " ")
	first := a.Sequence - 3
	assert.Equal(t, "#0 #1 AROA#2 config-rule-#3 recorder "+a.ID, a.IDs().Rename(text, func(n int) string { return fmt.Sprintf("#%d", n-first) }))
}
