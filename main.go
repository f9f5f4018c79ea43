// The baseline of an AWS account: settings in, components composed, outputs exported.
package main

import (
	"errors"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/overview"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

// Names of components that others must know before they are made: the archive its trail, the hub who publishes.
const (
	trailName  = "audit"
	configName = "config"
	billName   = "bill"
)

func main() { pulumi.Run(program) }

// program estimates what a month will cost before it declares anything, so that a limit can stop it, and so that what is wrong
// anywhere is said before anything exists.
func program(ctx *pulumi.Context) error {
	s, covered, err := load(ctx)
	if err != nil {
		return err
	}
	cost, err := monthlyCost(ctx, s, covered)
	if err != nil {
		return err
	}
	ctx.Export("monthlyCost", cost)
	if err := compose(ctx, s, covered); err != nil {
		return err
	}
	return warn(ctx, s, covered)
}

func load(ctx *pulumi.Context) (*settings.Settings, *regions.Providers, error) {
	s, err := settings.Load(ctx)
	if err != nil {
		return nil, nil, err
	}
	covered, err := regions.Cover(ctx, s.Home, s.Regions, s.Provider)
	return s, covered, err
}

// baseline is the program without its estimate: all that it declares.
func baseline(ctx *pulumi.Context) error {
	s, covered, err := load(ctx)
	if err != nil {
		return err
	}
	return compose(ctx, s, covered)
}

// compose goes as the data flows: archive, alerts, trail, Config, threats, digest, hardening, bill, overview. The bill comes after
// all that a new account does not refuse.
func compose(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) error {
	ctx.Log = settingsLog{ctx.Log}
	inHome := pulumi.Provider(covered.Home())
	configArgs, threatArgs, hardeningArgs := configBaselineArgs(s, covered), threatDetectionArgs(s, covered), hardeningArgs(s, covered)
	if err := errors.Join(
		judge(s.Config.Enabled, "config", configArgs), judge(s.Threats.Enabled, "threats", threatArgs),
		judge(s.Hardening.Enabled, "hardening", hardeningArgs),
	); err != nil {
		return err
	}

	// First, since it refuses a deployer that would lock itself out.
	archive, err := logarchive.NewLogArchive(ctx, "archive", logArchiveArgs(ctx, s), inHome)
	if err != nil {
		return asSettings("archive", err)
	}
	made := []pulumi.Resource{archive}
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, inHome)
	if err != nil {
		return err
	}
	hub, err := alerthub.NewAlertHub(ctx, "alerts", alertHubArgs(ctx, s, covered, caller.AccountId), inHome)
	if err != nil {
		return asSettings("alerts", err)
	}
	made, stays := append(made, hub), gapsAsSettings("alerts", hub.Stays)
	var trail *securetrail.SecureTrail
	if s.Trail.Enabled {
		trail, err = securetrail.NewSecureTrail(ctx, trailName, secureTrailArgs(s, hub, archive), inHome)
		if err != nil {
			return asSettings("trail", err)
		}
		made = append(made, trail)
	}
	exportTrail(ctx, trail)

	if s.Config.Enabled {
		configArgs.Alerts = hub
		if configArgs.ArchiveArgs == nil {
			configArgs.Archive = archive
		}
		config, err := configbaseline.NewConfigBaseline(ctx, configName, configArgs, inHome)
		if err != nil {
			return asSettings("config", err)
		}
		made = append(made, config)
		exportConfig(ctx, config)
		if s.Config.Athena.Enabled && trail.HasAthena {
			history, err := confighistory.NewConfigHistory(ctx, "history", configHistoryArgs(s, trail), inHome)
			if err != nil {
				return err
			}
			made = append(made, history)
		}
	}

	if s.Threats.Enabled {
		threatArgs.Alerts, threatArgs.Archive = hub, archive
		threats, err := threatdetection.NewThreatDetection(ctx, "threats", threatArgs, inHome)
		if err != nil {
			return asSettings("threats", err)
		}
		made = append(made, threats)
		exportThreats(ctx, threats)
	}

	var weekly *digest.WeeklyDigest
	if s.Alerts.Digest.Enabled {
		weekly, err = digest.NewWeeklyDigest(ctx, "weekly", weeklyDigestArgs(ctx, s, hub, archive), inHome)
		if err != nil {
			return err
		}
		made = append(made, weekly)
		exportDigest(ctx, weekly)
	}

	if s.Hardening.Enabled {
		hardened, err := hardening.NewAccountHardening(ctx, "hardening", hardeningArgs, inHome)
		if err != nil {
			return asSettings("hardening", err)
		}
		made = append(made, hardened)
		exportHardening(ctx, hardened)
		stays = pulumi.All(stays, hardened.Stays).ApplyT(func(all []any) []string {
			return slices.Concat(all[0].([]string), all[1].([]string))
		}).(pulumi.StringArrayOutput)
	}

	var bill *billingguard.BillingGuard
	if s.Billing.Enabled {
		billArgs := billingGuardArgs(s, hub, covered)
		billArgs.After = made
		if err := judge(true, "billing", billArgs); err != nil {
			return err
		}
		bill, err = billingguard.NewBillingGuard(ctx, billName, billArgs, inHome)
		if err != nil {
			return asSettings("billing", err)
		}
		exportBill(ctx, bill)
	}

	if s.Alerts.Overview {
		dashboard, err := overview.NewSecurityOverview(ctx, "overview", overviewArgs(hub, trail, weekly, bill), inHome)
		if err != nil {
			return err
		}
		ctx.Export("overview", dashboard.URL)
	}

	exportRegions(ctx, s, covered)
	exportAlerts(ctx, hub)
	exportArchive(ctx, s, archive)
	ctx.Export("staysAfterDestroy", stays)
	ctx.Export("checklist", pulumi.ToStringArray(openSteps(s)))
	return nil
}
