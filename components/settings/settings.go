// Package settings reads the configuration of a stack. It is the only package that does: components take plain
// arguments. Reading is strict, and all problems are reported at once.
package settings

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

//go:generate go run ./internal/generate

// Settings are a stack's settings, checked and with the defaults of the profile filled in.
type Settings struct {
	Values
	// Home is the home Region: aws:region, or the environment's AWS_REGION or AWS_DEFAULT_REGION.
	Home string
	// Partition is the id of the home Region's partition, as ARNs spell it.
	Partition string
	// Provider holds the caller's arguments of the AWS provider, those for the home Region; the providers of other
	// Regions are made from it.
	Provider aws.ProviderArgs
	// Warnings say in plain words what is allowed but leaves a gap, such as alerts that reach nobody.
	Warnings []string

	given map[string]bool
}

// Load reads and checks the configuration of the stack. The error has one line per problem, sorted, each with key, value
// and what is allowed; secrets are in neither the error nor the warnings. Nothing is registered.
func Load(ctx *pulumi.Context) (*Settings, error) {
	source := readConfig(ctx)
	provider, problems := readProvider(source)

	home, homeProblems := readHome(source)
	problems = append(problems, homeProblems...)
	in, ok := partition.Of(home)
	if !ok {
		in = partition.All()[0]
	}
	provider.Region = pulumi.String(home)

	decoded := schema.Decode(schema.Root(), source.project(), schema.Place{Partition: in})
	problems = append(problems, decoded.Problems...)
	problems = append(problems, source.misspelt()...)

	s, err := resolve(decoded)
	if err != nil {
		return nil, err
	}
	s.Home, s.Partition, s.Provider = home, in.ID, provider
	problems = append(problems, contradictions(s, source, problems)...)
	if err := schema.Join(problems); err != nil {
		return nil, err
	}
	s.settle()
	s.Warnings = warnings(s)
	return s, nil
}

// resolve puts decoded values and secrets into the typed tree.
func resolve(decoded *schema.Decoded) (*Settings, error) {
	s := &Settings{given: map[string]bool{}}
	text, err := json.Marshal(decoded.Values)
	if err != nil {
		return nil, fmt.Errorf("reading settings: %w", err)
	}
	if err := json.Unmarshal(text, &s.Values); err != nil {
		return nil, fmt.Errorf("reading settings: %w", err)
	}
	for path, secret := range decoded.Secrets {
		*secretField(s, path) = pulumi.ToSecret(pulumi.String(secret)).(pulumi.StringOutput)
	}
	for _, path := range decoded.Given {
		s.given[path] = true
	}
	return s, nil
}

// secretField is where the secret with the path belongs.
func secretField(s *Settings, path string) *pulumi.StringInput {
	switch path {
	case "alerts.webhook.url":
		return &s.Alerts.Webhook.URL
	}
	panic("settings: no field for the secret " + path) // the schema gained a secret that has no field here
}

// Given reports whether the user has set the key or anything below it.
func (s *Settings) Given(path string) bool {
	for p := range s.given {
		if schema.Under(p, path) {
			return true
		}
	}
	return false
}
