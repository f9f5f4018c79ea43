package estimate_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
)

// BenchmarkDeclared runs standard in 17 Regions, about 1,500 resources, and prices it.
func BenchmarkDeclared(b *testing.B) {
	p := profiles(seventeenRegions)["standard"]
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		for b.Loop() {
			all, err := estimate.Declared(ctx, estimate.Account{Home: home}, p.declare)
			if err != nil {
				return err
			}
			estimate.Monthly(all, estimate.Presets()["team"], estimate.Options{Home: home})
		}
		return nil
	}, pulumi.WithMocks("account-baseline", "dev", &engine{}))
	if err != nil {
		b.Fatal(err)
	}
}
