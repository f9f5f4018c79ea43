package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// contradiction is a rule over several keys. It is judged only when each of them is right by itself.
type contradiction struct {
	// keys are those whose problems make the rule meaningless.
	keys []string
	// find returns the problems.
	find func(s *Settings) []schema.Problem
}

// contradictions judges all rules.
func contradictions(s *Settings, source *config, known []schema.Problem) []schema.Problem {
	var problems []schema.Problem
	rules := slices.Concat(alertRules, archiveRules, trailRules, configRules, threatRules, billingRules, hardeningRules, []contradiction{
		{[]string{"profile", "deployers", "archive.central"}, strictNeedsDeployers},
		{[]string{"tags", "aws:defaultTags"}, func(s *Settings) []schema.Problem { return tooManyTags(s, source) }},
	})
	for _, rule := range rules {
		wrong := slices.ContainsFunc(known, func(p schema.Problem) bool {
			return slices.ContainsFunc(rule.keys, func(key string) bool { return schema.Under(p.Path, key) })
		})
		if !wrong {
			problems = append(problems, rule.find(s)...)
		}
	}
	return problems
}

func problem(path, format string, args ...any) []schema.Problem {
	return []schema.Problem{{Path: path, Text: fmt.Sprintf(format, args...)}}
}

// unwanted reports each of the keys that the user has set.
func unwanted(s *Settings, why string, keys ...string) []schema.Problem {
	var problems []schema.Problem
	for _, key := range keys {
		if s.Given(key) {
			problems = append(problems, schema.Problem{Path: key, Text: why})
		}
	}
	return problems
}

func strictNeedsDeployers(s *Settings) []schema.Problem {
	if s.Profile != "strict" || len(s.Deployers) > 0 || s.Archive.Central.Bucket != "" {
		return nil
	}
	return problem("deployers", "is empty; profile strict demands at least one: pulumi config set --path 'deployers[0]' arn:%s:iam::ACCOUNT:role/PATH/NAME", s.Partition)
}

// tooManyTags counts the provider's default tags too, which land on the same resources.
func tooManyTags(s *Settings, source *config) []schema.Problem {
	names := map[string]bool{}
	for name := range s.Tags {
		names[name] = true
	}
	for _, name := range defaultTagNames(source) {
		names[name] = true
	}
	if len(names) <= schema.MaxTags {
		return nil
	}
	return problem("tags", "has %d names together with aws:defaultTags; the most is %d", len(names), schema.MaxTags)
}

var alertRules = []contradiction{
	{[]string{"alerts.digest", "trail", "config", "threats"}, digestSources},
	{[]string{"alerts.digest"}, func(s *Settings) []schema.Problem {
		if s.Alerts.Digest.Enabled {
			return nil
		}
		return unwanted(s, "needs alerts.digest.enabled: true", "alerts.digest.day", "alerts.digest.hour", "alerts.digest.minute", "alerts.digest.timeZone")
	}},
	{[]string{"alerts.slack"}, func(s *Settings) []schema.Problem {
		slack := s.Alerts.Slack
		if !s.Given("alerts.slack") {
			return nil
		}
		if slack.WorkspaceID == "" {
			return problem("alerts.slack.workspaceId", "is missing; a channel belongs to a workspace: pulumi config set --path alerts.slack.workspaceId ID")
		}
		if slack.ChannelID != "" {
			return nil
		}
		var missing []string
		for i, id := range []string{slack.Channels.Critical, slack.Channels.Warning, slack.Channels.Informational} {
			if id == "" {
				missing = append(missing, schema.Severities[i])
			}
		}
		if missing == nil {
			return nil
		}
		return problem("alerts.slack.channelId", "is missing, and alerts.slack.channels names no channel for %s: pulumi config set --path alerts.slack.channelId ID", strings.Join(missing, " and "))
	}},
}

// digestSources: a digest of nothing is a mistake where it was asked for, and pointless where it was not.
func digestSources(s *Settings) []schema.Problem {
	if s.Alerts.Digest.Enabled && !s.digestSees() {
		return unwanted(s, "there is nothing to look at: switch on trail.logs, config or threats, or the digest off", "alerts.digest.enabled")
	}
	return nil
}

// digestSees says whether any source of the weekly digest exists.
func (s *Settings) digestSees() bool {
	return s.Trail.Enabled && s.Trail.Logs.Enabled || s.Config.Enabled || s.Threats.Enabled && (s.Threats.GuardDuty.Enabled || s.Threats.SecurityHub.Enabled)
}

var archiveRules = []contradiction{
	{[]string{"archive.transitions"}, transitionOrder},
	{[]string{"archive.transitions", "archive.retentionDays"}, func(s *Settings) []schema.Problem {
		a := s.Archive
		if a.RetentionDays == 0 || !s.Given("archive.transitions") {
			return nil
		}
		var problems []schema.Problem
		for _, t := range a.Transitions {
			if a.RetentionDays <= t.Days {
				problems = append(problems, problem("archive.retentionDays", "%d is not above the %d days after which objects move to %s (archive.transitions); S3 refuses that", a.RetentionDays, t.Days, t.StorageClass)...)
			}
		}
		return problems
	}},
	{[]string{"archive.objectLock"}, func(s *Settings) []schema.Problem {
		if s.Archive.ObjectLock.Enabled {
			return nil
		}
		return unwanted(s, "needs archive.objectLock.enabled: true", "archive.objectLock.mode", "archive.objectLock.days")
	}},
	{[]string{"archive.objectLock", "archive.retentionDays"}, func(s *Settings) []schema.Problem {
		a := s.Archive
		if !s.Given("archive.objectLock.days") || a.RetentionDays == 0 || a.ObjectLock.Days <= a.RetentionDays {
			return nil
		}
		return problem("archive.objectLock.days", "%d is above archive.retentionDays (%d); a locked object cannot expire", a.ObjectLock.Days, a.RetentionDays)
	}},
	{[]string{"archive.objectLock", "disposable"}, func(s *Settings) []schema.Problem {
		if !s.Disposable || !s.Archive.ObjectLock.Enabled {
			return nil
		}
		return unwanted(s, "locked objects cannot be destroyed; remove it, or set disposable to false", "archive.objectLock")
	}},
	{[]string{"archive.central"}, func(s *Settings) []schema.Problem {
		if s.Archive.Central.Bucket != "" {
			return nil
		}
		return unwanted(s, "needs archive.central.bucket, the bucket of the log-archive account", "archive.central.keyArn", "archive.central.prefix")
	}},
	{[]string{"archive.central"}, func(s *Settings) []schema.Problem {
		if s.Archive.Central.Bucket == "" {
			return nil
		}
		return unwanted(s, "archive.central.bucket is used and no own bucket is created; remove one of the two",
			"archive.bucketNames", "archive.prefix", "archive.retentionDays", "archive.transitions", "archive.noncurrentDays", "archive.objectLock",
			"archive.encryption", "archive.accessLogRetentionDays", "archive.adopt")
	}},
	{[]string{"archive.bucketNames", "archive.adopt"}, bucketPurposes},
	{[]string{"archive.adopt", "archive.encryption"}, func(s *Settings) []schema.Problem {
		if s.Archive.Adopt.KeyID == "" || s.Archive.Encryption == "kms" {
			return nil
		}
		return problem("archive.adopt.keyId", "archive.encryption is s3, which uses no key; set archive.encryption to kms")
	}},
}

// transitionOrder judges lifecycle transitions as S3 does:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html.
func transitionOrder(s *Settings) []schema.Problem {
	var problems []schema.Problem
	infrequent := []string{"STANDARD_IA", "ONEZONE_IA"}
	rank := func(class string) int { return slices.Index(schema.StorageClasses, class) }
	for i, t := range s.Archive.Transitions {
		at := fmt.Sprintf("archive.transitions[%d]", i)
		if slices.Contains(infrequent, t.StorageClass) && t.Days < 30 {
			problems = append(problems, problem(at+".days", "%d is too small; S3 moves no object to %s before 30 days", t.Days, t.StorageClass)...)
		}
		if i == 0 {
			continue
		}
		before := s.Archive.Transitions[i-1]
		switch {
		case rank(t.StorageClass) <= rank(before.StorageClass):
			problems = append(problems, problem(at+".storageClass", "%q cannot follow %s; the order is %s", t.StorageClass, before.StorageClass, strings.Join(schema.StorageClasses, ", "))...)
		case slices.Contains(infrequent, before.StorageClass) && t.Days < before.Days+30:
			problems = append(problems, problem(at+".days", "%d is too small; objects stay in %s for at least 30 days, so the least is %d", t.Days, before.StorageClass, before.Days+30)...)
		case t.Days <= before.Days:
			problems = append(problems, problem(at+".days", "%d is not above the %d days of the transition before", t.Days, before.Days)...)
		}
	}
	return problems
}

// bucketPurposes sees to it that every bucket has one name and one purpose.
func bucketPurposes(s *Settings) []schema.Problem {
	a := s.Archive
	var problems []schema.Problem
	owner := map[string]string{}
	for _, b := range []struct{ name, path, adopt, adoptPath string }{
		{a.BucketNames.Trail, "archive.bucketNames.trail", a.Adopt.TrailBucket, "archive.adopt.trailBucket"},
		{a.BucketNames.Delivery, "archive.bucketNames.delivery", a.Adopt.DeliveryBucket, "archive.adopt.deliveryBucket"},
		{a.BucketNames.AccessLogs, "archive.bucketNames.accessLogs", a.Adopt.AccessLogBucket, "archive.adopt.accessLogBucket"},
	} {
		if b.name != "" && b.adopt != "" && b.name != b.adopt {
			problems = append(problems, problem(b.path, "%q is not the bucket that %s adopts (%q); remove one of the two", b.name, b.adoptPath, b.adopt)...)
			continue
		}
		name, path := b.name, b.path
		if b.adopt != "" {
			name, path = b.adopt, b.adoptPath
		}
		if name == "" {
			continue
		}
		if other, taken := owner[name]; taken {
			problems = append(problems, problem(path, "%q is the bucket of %s already; every purpose needs its own", name, other)...)
		}
		owner[name] = path
	}
	return problems
}

var trailRules = []contradiction{
	{[]string{"trail"}, func(s *Settings) []schema.Problem {
		if s.Trail.Enabled {
			return nil
		}
		const why = "needs the trail, but trail.enabled is false; remove one of the two"
		problems := unwanted(s, why, "trail.name", "trail.organization", "trail.logs.retentionDays", "trail.groups.administrators",
			"trail.groups.readers", "trail.metricFilters.alarms", "trail.dataEvents", "trail.networkActivity")
		for _, on := range []struct {
			path string
			is   bool
		}{
			{"trail.logs.enabled", s.Trail.Logs.Enabled},
			{"trail.groups.enabled", s.Trail.Groups.Enabled},
			{"trail.metricFilters.enabled", s.Trail.MetricFilters.Enabled},
			{"trail.insights.apiCallRate", s.Trail.Insights.APICallRate},
			{"trail.insights.apiErrorRate", s.Trail.Insights.APIErrorRate},
			{"trail.athena.enabled", s.Trail.Athena.Enabled},
		} {
			if on.is {
				problems = append(problems, unwanted(s, why, on.path)...)
			}
		}
		return problems
	}},
	{[]string{"trail"}, func(s *Settings) []schema.Problem {
		if !s.Trail.Enabled || s.Trail.Logs.Enabled {
			return nil
		}
		problems := unwanted(s, "needs trail.logs.enabled: true", "trail.logs.retentionDays", "trail.metricFilters.alarms")
		if s.Trail.MetricFilters.Enabled {
			problems = append(problems, unwanted(s, "needs trail.logs.enabled: true", "trail.metricFilters.enabled")...)
		}
		return problems
	}},
	{[]string{"trail.groups"}, func(s *Settings) []schema.Problem {
		groups := s.Trail.Groups
		switch {
		case s.Trail.Enabled && !groups.Enabled:
			return unwanted(s, "names a group, but trail.groups.enabled is false; remove one of the two", "trail.groups.administrators", "trail.groups.readers")
		case groups.Readers != "" && strings.EqualFold(groups.Readers, groups.Administrators):
			return problem("trail.groups.readers", "%q is the group of the administrators too; they need two groups", groups.Readers)
		}
		return nil
	}},
}
