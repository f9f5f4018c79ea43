// Command deploy-policy prints the IAM policies of the roles that deploy and preview a stack, from a preview of the stack:
//
//	pulumi preview --json --show-sames | go run ./cmd/deploy-policy > policies.json
//
// The resources that the stack has and those that it will have count both, so that what a setting no longer asks for can be
// deleted. Several previews, one after the other, are taken together. With -dir every policy is a file of its own, for the AWS CLI.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/components/deployrights"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "deploy-policy:", err)
		}
		os.Exit(1)
	}
}

// names is a flag that may be given several times.
type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

func (n *names) Set(text string) error {
	*n = append(*n, text)
	return nil
}

// policies are what the command prints: documents by name.
type policies struct {
	Deploy   map[string]json.RawMessage `json:"deploy"`
	Preview  map[string]json.RawMessage `json:"preview"`
	Boundary json.RawMessage            `json:"boundary"`
}

func run(arguments []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var options deployrights.Options
	flags := flag.NewFlagSet("deploy-policy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&options.AccountID, "account", "", "number of the account, of 12 digits; default: the one that the preview names")
	flags.StringVar(&options.Prefix, "prefix", "", "beginning of the stack's physical names; default PROJECT-STACK-")
	flags.Var((*names)(&options.Roles), "role", "ARN of a role that deploys or previews, which the boundary protects; may be repeated")
	flags.StringVar(&options.StateBucket, "state-bucket", "", "S3 bucket of the state; default: the state is elsewhere")
	flags.Var((*names)(&options.StateKeys), "state-key", "ARN of a KMS key of the state or its secrets; may be repeated")
	directory := flags.String("dir", "", "directory to write every policy to as a file of its own, instead of printing them")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("there are no arguments beside flags, not %q", flags.Args())
	}
	resources, prefix, err := read(stdin)
	if err != nil {
		return err
	}
	if options.Prefix == "" {
		options.Prefix = prefix
	}
	if err := locate(&options, resources); err != nil {
		return err
	}
	all, err := generate(resources, options)
	if err != nil {
		return err
	}
	if most := max(len(all.Deploy), len(all.Preview)); most > deployrights.DefaultPolicies {
		fmt.Fprintf(stderr, "deploy-policy: %d policies for one role: raise the quota \"Managed policies per role\" from %d first\n",
			most, deployrights.DefaultPolicies)
	}
	if *directory != "" {
		return write(*directory, all, stderr)
	}
	return print(stdout, all)
}

// read takes all previews together.
func read(stdin io.Reader) (resources []declared.Resource, prefix string, err error) {
	decoder := json.NewDecoder(stdin)
	for {
		var preview json.RawMessage
		if err := decoder.Decode(&preview); errors.Is(err, io.EOF) && prefix != "" {
			return resources, prefix, nil
		} else if err != nil {
			return nil, "", fmt.Errorf("this is not what `pulumi preview --json --show-sames` prints: %w", err)
		}
		p, err := plan.Read(bytes.NewReader(preview))
		if err != nil {
			return nil, "", err
		}
		prefix = strings.ToLower(p.Project + "-" + p.Stack + "-")
		resources = append(append(resources, p.Before...), p.After...)
	}
}

var ownARN = regexp.MustCompile(`arn:(aws[a-z-]*):[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):`)

// locate finds the account and partition in the ARNs of the preview.
func locate(options *deployrights.Options, resources []declared.Resource) error {
	text, err := json.Marshal(resources)
	if err != nil {
		return err
	}
	var accounts []string
	for _, match := range ownARN.FindAllStringSubmatch(string(text), -1) {
		options.Partition = match[1]
		if !slices.Contains(accounts, match[2]) {
			accounts = append(accounts, match[2])
		}
	}
	if options.AccountID != "" {
		return nil
	}
	if len(accounts) != 1 {
		slices.Sort(accounts)
		return fmt.Errorf("the preview names %d accounts (%s): say which one it is by -account", len(accounts), strings.Join(accounts, ", "))
	}
	options.AccountID = accounts[0]
	return nil
}

func generate(resources []declared.Resource, options deployrights.Options) (all policies, err error) {
	deploy, err := deployrights.Policies(resources, options)
	if err != nil {
		return all, err
	}
	boundary, err := deployrights.Boundary(resources, options)
	if err != nil {
		return all, err
	}
	options.ReadOnly = true
	preview, err := deployrights.Policies(resources, options)
	if err != nil {
		return all, err
	}
	return policies{byName(deploy), byName(preview), json.RawMessage(boundary.JSON)}, nil
}

func byName(documents []deployrights.Document) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	for _, d := range documents {
		all[d.Name] = json.RawMessage(d.JSON)
	}
	return all
}

func print(stdout io.Writer, all policies) error {
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}

// write makes a file of each policy: compact, since white space would not count but is not wanted in a console either.
func write(directory string, all policies, stderr io.Writer) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	files := map[string]json.RawMessage{"boundary.json": all.Boundary}
	for name, document := range all.Deploy {
		files["deploy-"+name+".json"] = document
	}
	for name, document := range all.Preview {
		files["preview-"+name+".json"] = document
	}
	for name, document := range files {
		if err := os.WriteFile(filepath.Join(directory, name), append(document, '\n'), 0o644); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(stderr, "deploy-policy: %d policies in %s\n", len(files), directory)
	return err
}
