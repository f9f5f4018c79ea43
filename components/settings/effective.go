package settings

import (
	"slices"
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
	if s.Given("config.recording.excludedResourceTypes") {
		s.Config.Recording.ResourceTypes = nil
	}
	if !s.Threats.GuardDuty.Plans.RuntimeMonitoring {
		s.Threats.GuardDuty.RuntimeAgents = ThreatsGuardDutyRuntimeAgents{}
	}
	if s.Archive.Encryption != "kms" {
		s.Threats.GuardDuty.Export.Enabled = false
	}
}
