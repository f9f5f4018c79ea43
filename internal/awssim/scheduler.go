package awssim

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// schedulerState is what EventBridge Scheduler keeps.
type schedulerState struct {
	Groups    table[scheduleGroup] // by ARN; the group default is always there
	Schedules table[schedule]      // by ARN
}

type scheduleGroup struct {
	Name, ARN, Region, Created string
	Tags                       map[string]string
}

type schedule struct {
	Name, Group, ARN, Region string
	Properties               props
}

const (
	schedulerService     = "scheduler.amazonaws.com"
	schedulerAPI         = "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_"
	schedulerRoleDoc     = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role"
	schedulerDeputyDoc   = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"
	scheduleDefaultGroup = "default"
	scheduleGroupsMax    = 500
	scheduleDescription  = 512
)

var (
	scheduleName = regexp.MustCompile(`^[0-9a-zA-Z_.-]{1,64}$`)
	// scheduleTargets are the services with templated targets; any other API is called by
	// arn:aws:scheduler:::aws-sdk:SERVICE:ACTION.
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
	scheduleTargets = []string{"codebuild", "codepipeline", "ecs", "events", "firehose", "inspector", "kinesis", "lambda", "sagemaker", "scheduler", "sns", "sqs", "states"}
)

var schedulerTypes = map[string]resourceType{
	"aws:scheduler/scheduleGroup:ScheduleGroup": {
		check: checkScheduleGroup, create: createScheduleGroup, read: readScheduleGroup, update: updateScheduleGroup, delete: deleteScheduleGroup,
	},
	"aws:scheduler/schedule:Schedule": {
		check: checkSchedule, create: createSchedule, read: readSchedule, update: updateSchedule, delete: deleteSchedule,
	},
}

func scheduleInvalid(page, format string, args ...any) error {
	return refuse("ValidationException", fmt.Sprintf(format, args...), schedulerAPI+page+".html")
}

func checkScheduleGroup(_ *call, in props) error {
	if name := str(in, "name"); name != "" && !scheduleName.MatchString(name) {
		return scheduleInvalid("CreateScheduleGroup", "name %q: 1 to 64 letters, digits, dots, hyphens and underscores", name)
	}
	return nil
}

func (a *Account) scheduleGroupARN(region, name string) string {
	return a.arn("scheduler", region, a.ID, "schedule-group/"+name)
}

func createScheduleGroup(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	g := &scheduleGroup{Name: name, ARN: c.scheduleGroupARN(c.Region, name), Region: c.Region, Created: c.timestamp(), Tags: stringMap(in, "tags")}
	if err := c.may("scheduler:CreateScheduleGroup", g.ARN); err != nil {
		return "", nil, err
	}
	if name == scheduleDefaultGroup || c.Scheduler.Groups[g.ARN] != nil {
		return "", nil, refuse("ConflictException", fmt.Sprintf("Schedule group %s already exists.", name), schedulerAPI+"CreateScheduleGroup.html")
	}
	if len(c.Scheduler.Groups) >= scheduleGroupsMax {
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("An account has at most %d schedule groups.", scheduleGroupsMax), schedulerAPI+"CreateScheduleGroup.html")
	}
	c.Scheduler.Groups.put(g.ARN, g)
	return name, g.props(), nil
}

func (g *scheduleGroup) props() props {
	return props{"name": g.Name, "arn": g.ARN, "creationDate": g.Created, "lastModificationDate": g.Created, "state": "ACTIVE", "tags": g.Tags}
}

func readScheduleGroup(c *call, id string, _ props) (props, error) {
	g := c.Scheduler.Groups[c.scheduleGroupARN(c.Region, id)]
	if g == nil {
		return nil, errNotFound
	}
	return g.props(), c.may("scheduler:GetScheduleGroup", g.ARN)
}

func updateScheduleGroup(c *call, id string, _, in props) (props, error) {
	g := c.Scheduler.Groups[c.scheduleGroupARN(c.Region, id)]
	if g == nil {
		return nil, errNotFound
	}
	if err := c.may("scheduler:TagResource", g.ARN); err != nil {
		return nil, err
	}
	g.Tags = stringMap(in, "tags")
	return g.props(), nil
}

// deleteScheduleGroup takes the schedules of the group with it.
func deleteScheduleGroup(c *call, id string, _ props) error {
	arn := c.scheduleGroupARN(c.Region, id)
	if c.Scheduler.Groups[arn] == nil {
		return errNotFound
	}
	if err := c.may("scheduler:DeleteScheduleGroup", arn); err != nil {
		return err
	}
	delete(c.Scheduler.Groups, arn)
	maps.DeleteFunc(c.Scheduler.Schedules, func(_ string, s *schedule) bool { return s.Region == c.Region && s.Group == id })
	return nil
}

func checkSchedule(c *call, in props) error {
	const page = "CreateSchedule"
	for _, property := range []string{"name", "groupName"} {
		if name := str(in, property); name != "" && !scheduleName.MatchString(name) {
			return scheduleInvalid(page, "%s %q: 1 to 64 letters, digits, dots, hyphens and underscores", property, name)
		}
	}
	if len(str(in, "description")) > scheduleDescription {
		return scheduleInvalid(page, "description: longer than %d characters", scheduleDescription)
	}
	if err := oneOf(in, "state", "ValidationException", schedulerAPI+page+".html", "ENABLED", "DISABLED"); err != nil {
		return err
	}
	if expression := str(in, "scheduleExpression"); expression != "" {
		if reason := badScheduleExpression(expression); reason != "" {
			return refuse("ValidationException", fmt.Sprintf("Invalid Schedule Expression %s: %s", expression, reason), scheduleTypesDoc)
		}
	}
	if zone := str(in, "scheduleExpressionTimezone"); zone != "" && !isTimeZone(zone) {
		return refuse("ValidationException", fmt.Sprintf("Invalid ScheduleExpressionTimezone %s: not a name of the IANA time zone database", zone), scheduleTypesDoc)
	}
	window := object(in, "flexibleTimeWindow")
	if err := oneOf(window, "mode", "ValidationException", schedulerAPI+"FlexibleTimeWindow.html", "OFF", "FLEXIBLE"); err != nil {
		return err
	}
	minutes, given := number(window["maximumWindowInMinutes"])
	switch mode := str(window, "mode"); {
	case mode == "OFF" && given:
		return scheduleInvalid("FlexibleTimeWindow", "flexibleTimeWindow.maximumWindowInMinutes: not with mode OFF")
	case mode == "FLEXIBLE" && (given && (minutes < 1 || minutes > 1440) || !present(window, "maximumWindowInMinutes")):
		return scheduleInvalid("FlexibleTimeWindow", "flexibleTimeWindow.maximumWindowInMinutes: 1 to 1440 with mode FLEXIBLE")
	}
	if err := checkSchedulePeriod(in); err != nil {
		return err
	}
	return c.checkScheduleTarget(object(in, "target"))
}

func checkSchedulePeriod(in props) error {
	times := map[string]time.Time{}
	for _, property := range []string{"startDate", "endDate"} {
		text := str(in, property)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return scheduleInvalid("CreateSchedule", "%s %q: expected a time in the form 2030-01-01T01:00:00Z", property, text)
		}
		times[property] = at
	}
	if len(times) == 2 && !times["startDate"].Before(times["endDate"]) {
		return scheduleInvalid("CreateSchedule", "The StartDate you specify has to come before the EndDate.")
	}
	return nil
}

func (c *call) checkScheduleTarget(target props) error {
	if arn := str(target, "arn"); arn != "" {
		parts, ok := splitARN(arn)
		universal := parts.Service == "scheduler" && strings.HasPrefix(parts.Resource, "aws-sdk:")
		switch {
		case !ok || !slices.Contains(scheduleTargets, parts.Service) || parts.Service == "scheduler" && !universal:
			return scheduleInvalid("Target", "Provided Arn is not in correct format: %s", arn)
		case parts.Partition != c.Partition || !universal && parts.Region != c.Region:
			return scheduleInvalid("Target", "target.arn: %s is not in the schedule's Region %s", arn, c.Region)
		}
	}
	if role := str(target, "roleArn"); role != "" {
		if parts, own := c.ownARN(role); !own || parts.Service != "iam" || !strings.HasPrefix(parts.Resource, "role/") {
			return scheduleInvalid("Target", "target.roleArn: %q is not the ARN of a role of account %s", role, c.ID)
		}
	}
	if arn := str(object(target, "deadLetterConfig"), "arn"); arn != "" {
		if parts, ok := splitARN(arn); !ok || parts.Service != "sqs" || strings.HasSuffix(arn, ".fifo") {
			return scheduleInvalid("DeadLetterConfig", "target.deadLetterConfig.arn: %q is not the ARN of an SQS standard queue", arn)
		}
	}
	retry := object(target, "retryPolicy")
	if err := inRange(retry, "maximumEventAgeInSeconds", 60, 86400, schedulerAPI+"RetryPolicy.html"); err != nil {
		return err
	}
	return inRange(retry, "maximumRetryAttempts", 0, 185, schedulerAPI+"RetryPolicy.html")
}

func (a *Account) scheduleARN(region, group, name string) string {
	return a.arn("scheduler", region, a.ID, "schedule/"+group+"/"+name)
}

func createSchedule(c *call, in props) (string, props, error) {
	name, group := c.physicalName(in), strOr(in, "groupName", scheduleDefaultGroup)
	s := &schedule{Name: name, Group: group, ARN: c.scheduleARN(c.Region, group, name), Region: c.Region}
	if err := c.may("scheduler:CreateSchedule", s.ARN); err != nil {
		return "", nil, err
	}
	if group != scheduleDefaultGroup && c.Scheduler.Groups[c.scheduleGroupARN(c.Region, group)] == nil {
		return "", nil, refuse("ResourceNotFoundException", fmt.Sprintf("Schedule group %s does not exist.", group), schedulerAPI+"CreateSchedule.html")
	}
	if c.Scheduler.Schedules[s.ARN] != nil {
		return "", nil, refuse("ConflictException", fmt.Sprintf("Schedule %s already exists.", name), schedulerAPI+"CreateSchedule.html")
	}
	if err := c.putSchedule(s, in); err != nil {
		return "", nil, err
	}
	c.Scheduler.Schedules.put(s.ARN, s)
	return group + "/" + name, s.props(), nil
}

// putSchedule demands that Scheduler can assume the role. What the role may do shows when
// the schedule runs.
func (c *call) putSchedule(s *schedule, in props) error {
	role := str(object(in, "target"), "roleArn")
	if err := c.passRole(role, schedulerService); err != nil {
		return err
	}
	if err := c.schedulerAssumes(s, role); err != nil {
		return err
	}
	s.Properties = stored(in)
	return nil
}

// schedulerAssumes: Scheduler names the group as the source of the request.
func (a *Account) schedulerAssumes(s *schedule, role string) error {
	if err := a.trusts(role, servicePrincipal(schedulerService), a.sourceKeys(a.scheduleGroupARN(s.Region, s.Group))); err != nil {
		return refuse("ValidationException", fmt.Sprintf("The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (%v; see also %s)", err, schedulerDeputyDoc), schedulerRoleDoc)
	}
	return nil
}

func (s *schedule) props() props {
	out := withDefaults(s.Properties, props{"state": "ENABLED", "scheduleExpressionTimezone": "UTC"})
	out["name"], out["groupName"], out["arn"] = s.Name, s.Group, s.ARN
	target := withDefaults(object(out, "target"), props{})
	target["retryPolicy"] = withDefaults(object(target, "retryPolicy"), props{"maximumEventAgeInSeconds": 86400.0, "maximumRetryAttempts": 185.0})
	out["target"] = target
	return out
}

// scheduleByID finds a schedule of the Region by GROUP/NAME.
func (c *call) scheduleByID(id string) *schedule {
	group, name, _ := strings.Cut(id, "/")
	return c.Scheduler.Schedules[c.scheduleARN(c.Region, group, name)]
}

func readSchedule(c *call, id string, _ props) (props, error) {
	s := c.scheduleByID(id)
	if s == nil {
		return nil, errNotFound
	}
	return s.props(), c.may("scheduler:GetSchedule", s.ARN)
}

func updateSchedule(c *call, id string, _, in props) (props, error) {
	s := c.scheduleByID(id)
	if s == nil {
		return nil, errNotFound
	}
	if err := c.may("scheduler:UpdateSchedule", s.ARN); err != nil {
		return nil, err
	}
	if err := c.putSchedule(s, in); err != nil {
		return nil, err
	}
	return s.props(), nil
}

func deleteSchedule(c *call, id string, _ props) error {
	s := c.scheduleByID(id)
	if s == nil {
		return errNotFound
	}
	if err := c.may("scheduler:DeleteSchedule", s.ARN); err != nil {
		return err
	}
	delete(c.Scheduler.Schedules, s.ARN)
	return nil
}
