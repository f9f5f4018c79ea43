package digest

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones are judged the same on machines without a database of their own

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// Defaults of the time at which the digest is sent.
const (
	DefaultWeekday  = "MON"
	DefaultHour     = 8
	DefaultTimeZone = "UTC"
)

// FindingsSource is where open findings are counted.
type FindingsSource string

// The sources of findings.
const (
	NoFindings  FindingsSource = ""             // findings are not looked at
	SecurityHub FindingsSource = "security-hub" // of the own Region, with what is aggregated there
	GuardDuty   FindingsSource = "guardduty"    // of the own Region only
)

// WeeklyDigestArgs are the arguments of a WeeklyDigest. Alerts is required, and at least one of the sources LogGroupName,
// Config and Findings. What is not given is named in the digest as not looked at.
type WeeklyDigestArgs struct {
	// Alerts is the hub of the component's Region, whose informational recipients get the digest, by mail, by
	// webhook and, in the Slack app's own form, in Slack. Required.
	Alerts *alerthub.AlertHub

	// LogGroupName is the log group of the own Region that a multi-Region trail delivers to: where root use, sign-ins
	// without MFA, denied calls and new access keys are looked for. Default: none of them is looked at.
	LogGroupName string

	// Config counts the rules of AWS Config that are not obeyed. Default: false, they are not looked at.
	Config bool

	// ConfigAggregator is the name of an aggregator of the own Region, by which the rules of all its Regions count; of this
	// account only. Default: the rules of the own Region.
	ConfigAggregator string

	// Findings is where open findings are counted: SecurityHub or GuardDuty. Default: NoFindings.
	Findings FindingsSource

	// Weekday on which the digest is sent, MON to SUN. Default: MON.
	Weekday string
	// Hour of the day, 0 to 23, in TimeZone. Default: 8.
	Hour *int
	// Minute of the hour, 0 to 59. Default: 0.
	Minute int
	// TimeZone by its name in the IANA database, such as Asia/Tokyo. Times within the digest are UTC whatever it is.
	// Default: UTC.
	TimeZone string

	// NamePrefix begins the physical names: 3 to 38 lower-case letters, digits and single hyphens. A change replaces the state
	// machine, its roles and the schedule. Default: PROJECT-STACK-NAME.
	NamePrefix string

	// Tags go onto every taggable resource, beside the names of the project and the stack. Default: none.
	Tags pulumi.StringMapInput
}

var (
	weekdays       = []string{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}
	logGroupName   = regexp.MustCompile(`^[\w./#-]{1,512}$`)
	aggregatorName = regexp.MustCompile(`^[\w-]{1,256}$`)
)

// Validate returns all that is wrong with the arguments, each problem naming its field. NewWeeklyDigest does the same, and
// wants Alerts, too; who composes components may call it before there is a hub.
func (a *WeeklyDigestArgs) Validate() error {
	var problems []error
	add := func(field, format string, values ...any) {
		problems = append(problems, fmt.Errorf("field "+field+": "+format, values...))
	}
	if err := naming.CheckPrefix("field NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	if a.LogGroupName == "" && !a.Config && a.Findings == NoFindings {
		add("LogGroupName", "there is nothing to look at: give LogGroupName, Config or Findings")
	}
	if a.LogGroupName != "" && !logGroupName.MatchString(a.LogGroupName) {
		add("LogGroupName", "%q is no name of a log group: 1 to 512 letters, digits and _-/.#", a.LogGroupName)
	}
	switch {
	case a.ConfigAggregator == "":
	case !a.Config:
		add("ConfigAggregator", "has no effect without Config; set Config or leave it out")
	case !aggregatorName.MatchString(a.ConfigAggregator):
		add("ConfigAggregator", "%q is no name of an aggregator: 1 to 256 letters, digits, underscores and hyphens", a.ConfigAggregator)
	}
	if !slices.Contains([]FindingsSource{NoFindings, SecurityHub, GuardDuty}, a.Findings) {
		add("Findings", "%q is none of %s, %s", a.Findings, SecurityHub, GuardDuty)
	}
	if !slices.Contains(weekdays, a.weekday()) {
		add("Weekday", "%q is none of %s", a.Weekday, strings.Join(weekdays, ", "))
	}
	if a.hour() < 0 || a.hour() > 23 {
		add("Hour", "%d is not between 0 and 23", a.hour())
	}
	if a.Minute < 0 || a.Minute > 59 {
		add("Minute", "%d is not between 0 and 59", a.Minute)
	}
	if _, err := time.LoadLocation(a.timeZone()); err != nil || a.TimeZone == "Local" {
		add("TimeZone", "%q is not a time zone of the IANA database, such as Asia/Tokyo", a.TimeZone)
	}
	return errors.Join(problems...)
}

// validate also wants what only the constructor is given.
func (a *WeeklyDigestArgs) validate() error {
	err := a.Validate()
	if a.Alerts == nil {
		err = errors.Join(errors.New("field Alerts: nobody would get the digest; give an AlertHub"), err)
	}
	return err
}

func (a *WeeklyDigestArgs) hour() int {
	if a.Hour != nil {
		return *a.Hour
	}
	return DefaultHour
}

func (a *WeeklyDigestArgs) timeZone() string { return cmp.Or(a.TimeZone, DefaultTimeZone) }
func (a *WeeklyDigestArgs) weekday() string  { return cmp.Or(a.Weekday, DefaultWeekday) }

// cron is when the digest is sent (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
func (a *WeeklyDigestArgs) cron() string {
	return fmt.Sprintf("cron(%d %d ? * %s *)", a.Minute, a.hour(), a.weekday())
}
