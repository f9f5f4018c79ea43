package settings

import "fmt"

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
	warn(own && len(s.Deployers) == 0, "deployers is empty: changes of the archive's policies, lifecycle, versioning and lock need no MFA; name the deploying role: pulumi config set --path deployers[0] arn:%s:iam::ACCOUNT:role/PATH/NAME", s.Partition)
	warn(s.Profile != "starter" && s.Archive.Encryption == "s3", "archive.encryption is s3, which is weaker than profile %s: everybody who can read the bucket can read the logs", s.Profile)
	warn(s.Profile != "starter" && s.Trail.Enabled && !s.Trail.Logs.Enabled, "trail.logs.enabled is false, which is weaker than profile %s: metric filters and their alarms are off", s.Profile)
	warn(s.Profile == "strict" && !s.Archive.ObjectLock.Enabled && !s.Disposable && own, "archive.objectLock is off, which is weaker than profile strict")
	warn(s.Archive.ObjectLock.Enabled && s.Archive.ObjectLock.Mode == "COMPLIANCE", "archive.objectLock.mode is COMPLIANCE: for %d days nobody can delete a log object, not even the root user or AWS Support; it is paid for as long", s.Archive.ObjectLock.Days)
	warn(own && s.Trail.Enabled && !s.Trail.Groups.Enabled && len(s.Archive.Readers) == 0, "nobody can read the logs: there is neither a reader role (trail.groups.enabled) nor a reader; name one: pulumi config set --path archive.readers[0] arn:%s:iam::ACCOUNT:role/PATH/NAME", s.Partition)
	warn(s.Trail.ManagementEvents.ExcludeKms, "trail.managementEvents.excludeKms: nobody is told that a key is disabled or scheduled for deletion, and nobody can say later who decrypted what")
	warn(len(s.Alerts.IgnoreChangesBy) > 0, "alerts.ignoreChangesBy: who takes over one of these %d identities can stop the trail and give rights without an alert", len(s.Alerts.IgnoreChangesBy))
	warn(own && s.Archive.RetentionDays != 0 && s.Archive.RetentionDays < leastRetention, "archive.retentionDays is %d: logs are gone before the %d days that audits commonly ask for", s.Archive.RetentionDays, leastRetention)
	warn(s.Hardening.PasswordPolicy.Weaken, "hardening.passwordPolicy.weaken: the password policy is below the CIS benchmark")
	return out
}

// leastRetention is the year that PCI DSS 10.5.1 and most auditors ask for.
const leastRetention = 365
