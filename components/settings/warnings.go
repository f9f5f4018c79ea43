package settings

import (
	"fmt"
	"slices"
	"strings"
)

// warnings says in plain words what is allowed but leaves a gap, the gravest first. That nobody is told of some severity, the
// alert hub says itself.
func warnings(s *Settings) []string {
	var out []string
	warn := func(when bool, format string, args ...any) {
		if when {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	warn(s.Disposable, "disposable: destroy deletes the archive and its keys; set it to false for an account that matters")
	warn(!s.Trail.Enabled, "trail.enabled is false: nobody can say later who did what, and alerts on API calls, metric filters and threat detection by trail events are silent")
	own := s.Archive.Central.Bucket == ""
	warn(own && len(s.Deployers) == 0, "deployers is empty: changes of the archive's policies, lifecycle, versioning and lock need no MFA; name the deploying role: pulumi config set --path 'deployers[0]' arn:%s:iam::ACCOUNT:role/PATH/NAME", s.Partition)
	warn(s.Profile != "starter" && s.Archive.Encryption == "s3", "archive.encryption is s3, which is weaker than profile %s: everybody who can read the bucket can read the logs", s.Profile)
	warn(s.Profile != "starter" && s.Trail.Enabled && !s.Trail.Logs.Enabled, "trail.logs.enabled is false, which is weaker than profile %s: metric filters and their alarms are off", s.Profile)
	warn(s.Profile == "strict" && !s.Archive.ObjectLock.Enabled && !s.Disposable && own, "archive.objectLock is off, which is weaker than profile strict")
	warn(s.Archive.ObjectLock.Enabled && s.Archive.ObjectLock.Mode == "COMPLIANCE", "archive.objectLock.mode is COMPLIANCE: for %d days nobody can delete a log object, not even the root user or AWS Support; it is paid for as long", s.Archive.ObjectLock.Days)
	warn(own && s.Trail.Enabled && !s.Trail.Groups.Enabled && len(s.Archive.Readers) == 0, "nobody can read the logs: there is neither a reader role (trail.groups.enabled) nor a reader; name one: pulumi config set --path 'archive.readers[0]' arn:%s:iam::ACCOUNT:role/PATH/NAME", s.Partition)
	warn(s.Trail.ManagementEvents.ExcludeKms, "trail.managementEvents.excludeKms: nobody is told that a key is disabled or scheduled for deletion, and nobody can say later who decrypted what")
	warn(s.Given("alerts.digest.enabled") && s.Alerts.Digest.Enabled && !(s.Trail.Enabled && s.Trail.Logs.Enabled), "the weekly digest does not look at root use, sign-ins, denied calls and new keys: trail.logs is off")
	warn(len(s.Alerts.IgnoreChangesBy) > 0, "alerts.ignoreChangesBy: who takes over one of these %d identities can stop the trail and give rights without an alert", len(s.Alerts.IgnoreChangesBy))
	warn(own && s.Archive.RetentionDays != 0 && s.Archive.RetentionDays < leastRetention, "archive.retentionDays is %d: logs are gone before the %d days that audits commonly ask for", s.Archive.RetentionDays, leastRetention)
	hub := s.Threats.SecurityHub
	warn(s.Threats.Enabled && hub.Enabled && s.homeIsOptIn() && len(hub.Regions) > 0 && !slices.Equal(hub.Regions, []string{s.Home}),
		"threats.securityHub.regions: findings stay in their Region, because Security Hub does not aggregate to %s, a Region that is disabled by default; each Region alerts, and the weekly digest counts those of %s only", s.Home, s.Home)
	warn(s.Threats.Enabled && hub.Enabled && !s.Config.Enabled, "threats.securityHub: most controls have no data, because config.enabled is false and Security Hub checks what AWS Config records; ignore this if AWS Config is on by other means, or set threats.securityHub.enabled to false")
	for i, address := range s.Billing.Emails {
		severities := s.billSeveritiesOf(address)
		warn(s.Billing.Enabled && len(severities) > 0, "billing.emails[%d]: %s is told of budgets twice, because it also gets %s alerts; remove it here", i, address, strings.Join(severities, " and "))
	}
	return out
}

// billSeveritiesOf are the severities that an address gets, of those that budgets are told with.
func (s *Settings) billSeveritiesOf(address string) (severities []string) {
	for _, of := range []struct {
		severity string
		own      []string
	}{{"warning", s.Alerts.Warning.Emails}, {"informational", s.Alerts.Informational.Emails}} {
		told := of.own
		if len(told) == 0 {
			told = s.Alerts.Emails
		}
		if slices.ContainsFunc(told, func(other string) bool { return strings.EqualFold(other, address) }) {
			severities = append(severities, of.severity)
		}
	}
	return severities
}

// leastRetention is the year that PCI DSS 10.5.1 and most auditors ask for.
const leastRetention = 365
