package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
)

// This file says aloud what the settings leave unwatched.

func warn(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) error {
	warnings := s.Warnings
	if !s.Trail.Enabled {
		warnings = append(warnings, silentWithoutTrail()...)
	}
	if blind := unseen(s, covered); s.Trail.Enabled && len(blind) > 0 {
		warnings = append(warnings, "sign-ins, root use and tampering alert nobody in "+strings.Join(blind, ", ")+
			": name them in regions, or switch trail.logs and trail.metricFilters on")
	}
	for _, warning := range warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return err
		}
	}
	return nil
}

// unseen are the enabled Regions in which sign-ins, root use and tampering alert nobody: those that no rule forwards from,
// unless the metric filters see them through the log group of the multi-Region trail.
func unseen(s *settings.Settings, covered *regions.Providers) []string {
	switch {
	case !s.Trail.Enabled: // no API call or sign-in reaches EventBridge
		return covered.Enabled()
	case s.Trail.Logs.Enabled && s.Trail.MetricFilters.Enabled:
		return []string{}
	default:
		return covered.Unseen()
	}
}

func silentWithoutTrail() (lines []string) {
	for _, silent := range securetrail.SilentWithout {
		lines = append(lines, fmt.Sprintf("silent without a trail: %s: %s", silent.What, silent.Why))
	}
	return lines
}
