package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// down destroys the stack as far as its protection allows, and explains the rest. Its report goes to standard output: it
// is what the user asked for.
func (s *session) down(ctx context.Context, line *commandLine) error {
	before, err := s.export(ctx, line.stack)
	if err != nil {
		return err
	}
	flags := s.flags(line)
	if before.hasProtected() && !line.has("--exclude-protected") {
		flags = append(flags, "--exclude-protected")
	}
	if err := s.pulumi(ctx, line.as("destroy", flags...)...); err != nil {
		return err
	}
	if line.has("--preview-only") {
		return nil
	}
	after, err := s.export(ctx, line.stack)
	if err != nil {
		return err
	}
	explainStays(os.Stdout, before.stays())
	kept := keptAfter(before, after)
	switch {
	case len(kept.protected)+len(kept.retained) > 0:
		explainKept(os.Stdout, kept, before.adoption(), s.isDisposable(before))
		return nil
	case len(kept.needed) > 0:
		// Left by the user's own choice, by --target for example: nothing to explain.
		return nil
	default:
		return s.checkEmpty()
	}
}

// checkEmpty fails when the account holds anything that a stack without protection should not have left behind.
func (s *session) checkEmpty() error {
	around, err := s.project.readSurroundings()
	if err != nil {
		return err
	}
	left, err := leftBehind(s.project.account(), s.project.path(), around)
	if err != nil {
		return err
	}
	if len(left.things) > 0 {
		return fmt.Errorf("the stack is destroyed, but the simulated account still holds:\n  %s",
			strings.Join(left.things, "\n  "))
	}
	fmt.Println("\nThe simulated account is empty.")
	if len(left.linked) > 0 {
		fmt.Printf("AWS keeps the service-linked roles that it made itself; they cost nothing:\n  %s\n", strings.Join(left.linked, "\n  "))
	}
	if len(left.pending) > 0 {
		fmt.Printf("AWS deletes these after their waiting period:\n  %s\n", strings.Join(left.pending, "\n  "))
	}
	return nil
}

// explainStays says what the provider leaves in the account as the stack set it.
func explainStays(w io.Writer, stays []string) {
	if len(stays) == 0 {
		return
	}
	fmt.Fprint(w, "\nStays as the stack has set it:\n\n")
	for _, line := range stays {
		fmt.Fprintln(w, "  "+line)
	}
}

// explainKept says what is kept, why, how it is used again, and how it is really removed.
func explainKept(w io.Writer, kept keptResources, adoption string, disposable bool) {
	if len(kept.protected) > 0 {
		fmt.Fprint(w, "\nKept, because the stack protects what cannot be made again (log archives and their keys):\n\n")
		printResources(w, kept.protected)
	}
	if len(kept.needed) > 0 {
		fmt.Fprint(w, "\nKept, because a protected one depends on it:\n\n")
		printResources(w, kept.needed)
	}
	if len(kept.retained) > 0 {
		fmt.Fprint(w, "\nLeft in the account, no longer in the stack (retained on delete):\n\n")
		printResources(w, kept.retained)
	}
	if len(kept.protected) > 0 {
		fmt.Fprint(w, "\nWhat is kept goes on costing: its storage, and a key $1 a month.\n")
		fmt.Fprint(w, "`up` goes on with what is still in the stack.")
	}
	if adoption != "" {
		fmt.Fprint(w, "\nA new stack, or one that lost its state, adopts what was kept with these settings:\n\n")
		fmt.Fprintln(w, strings.TrimRight(adoption, "\n"))
	} else {
		fmt.Fprintln(w)
	}
	if len(kept.protected) == 0 {
		return
	}
	if disposable {
		fmt.Fprint(w, "\n`disposable: true` is set but not deployed yet. Really remove everything: `up`, then `down` again.\n")
		return
	}
	// A program that exports what adopts its archive has the setting; of a component it is an argument.
	step := "`config set disposable true`"
	if adoption == "" {
		step = "set `Disposable: true` in the component's arguments"
	}
	fmt.Fprintf(w, `
Really remove everything, log data included:
  1. %s
  2. `+"`up`"+`, which takes the protection away
  3. `+"`down`"+` again
A single resource: `+"`state unprotect <URN>`, then `down`"+`; one that is retained on delete stays in the account.
`, step)
}

// printResources prints a line for each thing of the account: a bucket with all that is set on it is one.
func printResources(w io.Writer, resources []resource) {
	var order []string
	of := map[string][]resource{}
	for _, r := range resources {
		if of[r.ID] == nil {
			order = append(order, r.ID)
		}
		of[r.ID] = append(of[r.ID], r)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, id := range order {
		first, more := of[id][0], ""
		if others := len(of[id]) - 1; others > 0 {
			more = fmt.Sprintf("\t(resources that belong to it: %d)", others)
		}
		fmt.Fprintf(table, "  %s\t%s\t%s%s\n", first.Type, first.name(), id, more)
	}
	_ = table.Flush()
}

// isDisposable reports whether the settings of the deployed stack say `disposable: true`, whatever was deployed.
func (s *session) isDisposable(deployed deployment) bool {
	content, err := readYAML(filepath.Join(s.project.copy(), "Pulumi."+deployed.stack()+".yaml"))
	if err != nil {
		return false
	}
	config, _ := content["config"].(map[string]any)
	for key, value := range config {
		if strings.HasSuffix(key, ":disposable") {
			return fmt.Sprint(value) == "true"
		}
	}
	return false
}
