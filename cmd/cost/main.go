// Command cost tells what a stack costs a month, before anything is deployed:
//
//	pulumi preview --json --show-sames | go run ./cmd/cost
//
// It reads any stack that declares components of this module. What the stack's settings say is taken: aws:region, and below
// estimate what the program itself estimates from; flags replace them.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/costtable"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

func main() {
	if err := run(os.Stdin, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "cost: %v\n", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer, words []string) error {
	given := costtable.Assumptions{Volumes: map[string]float64{}}
	flags := flag.NewFlagSet("cost", flag.ContinueOnError)
	flags.StringVar(&given.Home, "home", "", "the Region in which everything happens; default: aws:region")
	flags.StringVar(&given.Preset, "preset", "", "quiet, team or busy; default: that of the settings, or team")
	flags.Func("volume", "a volume a month, as managementEvents=2000000; may be repeated (docs/costs.md lists them)", func(text string) error {
		name, value, _ := strings.Cut(text, "=")
		volume, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("give NAME=NUMBER")
		}
		given.Volumes[name] = volume
		return nil
	})
	flags.BoolFunc("no-free-tier", "price as if other workloads used up every free allowance", func(string) error {
		free := false
		given.FreeTier = &free
		return nil
	})
	if err := flags.Parse(words); err != nil {
		return err
	}
	preview, err := plan.Read(in)
	if err != nil {
		return err
	}
	return costtable.Write(out, preview, given)
}
