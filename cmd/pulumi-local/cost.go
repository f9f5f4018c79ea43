package main

import (
	"bytes"
	"context"
	"os"

	"github.com/seed-8894d46d/account-baseline/internal/costtable"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

// cost previews the stack and prints what it will cost, in place of the preview.
func (s *session) cost(ctx context.Context, line *commandLine) error {
	flags := append(s.flags(line), "--json", "--show-sames", "--non-interactive")
	command := s.command(ctx, line.as("preview", flags...)...)
	var output, failure bytes.Buffer
	command.Stdout, command.Stderr = &output, &failure
	failed := command.Run()
	preview, err := plan.Read(&output)
	if err != nil {
		if failed != nil && failure.Len() > 0 {
			os.Stderr.Write(failure.Bytes())
		}
		return err
	}
	return costtable.Write(os.Stdout, preview, costtable.Assumptions{})
}
