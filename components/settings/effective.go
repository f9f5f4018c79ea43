package settings

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// settle lets go of the defaults that another setting has made pointless. What the user has set is never changed: where
// it contradicts, it was refused.
func (s *Settings) settle() {
	if s.Archive.RetentionDays != 0 && !s.Given("archive.transitions") {
		s.Archive.Transitions = slices.DeleteFunc(s.Archive.Transitions, func(t ArchiveTransition) bool {
			return t.Days >= s.Archive.RetentionDays
		})
	}
	if s.Disposable || s.Archive.Central.Bucket != "" {
		s.Archive.ObjectLock = ArchiveObjectLock{}
	}
	if lock := &s.Archive.ObjectLock; s.Archive.RetentionDays != 0 && !s.Given("archive.objectLock.days") {
		lock.Days = min(lock.Days, s.Archive.RetentionDays)
	}
	if !s.Trail.Enabled {
		s.Trail.Logs.Enabled, s.Trail.Groups.Enabled = false, false
		s.Trail.Athena.Enabled = false
		s.Trail.Insights, s.Trail.DataEvents = TrailInsights{}, nil
	}
	if !s.Trail.Logs.Enabled {
		s.Trail.MetricFilters.Enabled = false
	}
	if !s.Config.Enabled || !s.Trail.Athena.Enabled || s.Archive.Central.Bucket != "" {
		s.Config.Athena.Enabled = false
	}
	if s.Config.Rules.Set == "none" && !s.Given("config.rules.include") {
		s.Config.Rules.Include = nil
	}
	if !s.Given("config.rules.include") {
		s.Config.Rules.Include = slices.DeleteFunc(s.Config.Rules.Include, func(name string) bool {
			return slices.Contains(s.Config.Rules.Exclude, name)
		})
	}
	if s.Given("config.recording.excludedResourceTypes") {
		s.Config.Recording.ResourceTypes = nil
	}
	s.Alerts.Digest.Enabled = s.Alerts.Digest.Enabled && s.digestSees()
	if !s.Threats.GuardDuty.Plans.RuntimeMonitoring {
		s.Threats.GuardDuty.RuntimeAgents = ThreatsGuardDutyRuntimeAgents{}
	}
	if s.Archive.Encryption != "kms" || s.Archive.Central.Bucket != "" {
		s.Threats.GuardDuty.Export.Enabled = false
	}
	if s.homeIsOptIn() && !s.Given("threats.securityHub.aggregator") {
		s.Threats.SecurityHub.Aggregator = false
	}
}

// homeIsOptIn says whether the home Region is disabled by default. Security Hub does not aggregate to such a Region
// (https://docs.aws.amazon.com/securityhub/latest/userguide/finding-aggregation-enable.html).
func (s *Settings) homeIsOptIn() bool {
	home, _ := partition.Lookup(s.Home)
	return home.OptIn
}
