// A trail that delivers to the bucket of a log-archive account. Nothing is made there: the output pasteStatements has what its
// owner adds to the bucket's policy, before this stack is deployed.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		archive, err := logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{
			TrailName: securetrail.DefaultTrailName(ctx, "audit"),
			Central:   &logarchive.CentralBucket{Name: "example-org-logs"},
		})
		if err != nil {
			return err
		}
		trail, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Archive: archive, OmitAthena: true})
		if err != nil {
			return err
		}
		ctx.Export("trailArn", trail.TrailArn)
		ctx.Export("pasteStatements", archive.PasteStatements)
		return nil
	})
}
