// Command report makes one HTML page of what a stack declares: where it stands, which controls it meets, what it costs, whom
// its alerts reach, what is left to people.
//
//	pulumi preview --json --show-sames | go run ./cmd/report > report.html
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/internal/report"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(arguments []string, stdin io.Reader, stdout io.Writer, now time.Time) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	preset := flags.String("preset", "", "volumes to estimate the cost with: "+strings.Join(estimate.PresetNames, ", ")+"; default those of the stack's settings")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("there are no arguments beside flags, not %q", flags.Args())
	}
	stack, err := report.Read(stdin)
	if err != nil {
		return err
	}
	return report.Write(stdout, stack, report.Options{Preset: *preset, Date: now.Format("2 January 2006")})
}
