package main

import (
	"errors"
	"math"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/settings"
)

// monthlyCost is the output of what the declared resources are estimated to cost; an error when that is above the limit of
// the settings.
func monthlyCost(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) (pulumi.Map, error) {
	volumes, err := estimate.Presets()[s.Estimate.Preset].With(s.Estimate.Volumes)
	if err := errors.Join(err, volumes.Validate()); err != nil {
		return nil, asSettings("estimate.volumes", errors.New(strings.TrimPrefix(err.Error(), "volumes: ")))
	}
	resources, err := declaredResources(ctx, s, covered)
	if err != nil {
		return nil, err
	}
	options := estimate.Options{Home: s.Home, WithoutFreeTier: !s.Estimate.FreeTier}
	month := estimate.Monthly(resources, volumes, options)
	if err := month.Over(s.Estimate.Limit); err != nil {
		return nil, errors.New("estimate.limit: " + err.Error() + "; raise it, or take away what costs")
	}
	byComponent := pulumi.Float64Map{}
	for _, component := range month.Components() {
		byComponent[component.Name] = pulumi.Float64(cents(component.USD))
	}
	return pulumi.Map{
		"usd":        pulumi.Float64(cents(month.Monthly())),
		"firstMonth": pulumi.Float64(cents(month.FirstMonth())),
		"components": byComponent,
		"notCovered": pulumi.ToStringArray(append([]string{}, month.Uncovered...)),
	}, nil
}

// declaredResources are those that the program will declare.
func declaredResources(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) ([]estimate.Resource, error) {
	resources, err := estimate.Declared(ctx, estimate.Account{Home: s.Home, EnabledRegions: covered.Enabled()}, baseline)
	if err != nil {
		return nil, ownWords(err)
	}
	return resources, nil
}

// ownWords are what the program itself said, without the words of those who ran it.
func ownWords(err error) error {
	var collected interface{ WrappedErrors() []error }
	if errors.As(err, &collected) {
		return errors.Join(collected.WrappedErrors()...)
	}
	return err
}

func cents(usd float64) float64 { return math.Round(usd*100) / 100 }
