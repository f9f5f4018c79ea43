package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	scheduleToken      = "aws:scheduler/schedule:Schedule"
	scheduleGroupToken = "aws:scheduler/scheduleGroup:ScheduleGroup"
)

func TestScheduleExpressions(t *testing.T) {
	for expression, valid := range map[string]bool{
		"rate(1 day)": true, "rate(5 minutes)": true, "rate(0 days)": false, "rate(1 week)": false, "rate(day)": false,
		"at(2026-12-01T09:00:00)": true, "at(2026-12-01)": false, "at(2026-13-01T09:00:00)": false,
		"cron(0 9 ? * MON *)": true, "cron(0 9 1 * ? *)": true, "cron(0 9 L * ? *)": true, "cron(0/15 8-17 ? * MON-FRI *)": true, "cron(0 9 ? * 2#1 *)": true,
		"cron(0 9 15W JAN,JUL ? 2026-2030)": true, "cron(0 9 * * * *)": false, "cron(0 9 ? * ? *)": false, "cron(0 9 1 * MON *)": false, "cron(60 9 1 * ? *)": false,
		"cron(0 24 1 * ? *)": false, "cron(0 9 32 * ? *)": false, "cron(0 9 1 13 ? *)": false, "cron(0 9 ? * 8 *)": false, "cron(0 9 ? * MON)": false,
		"cron(0 9 ? * FUN *)": false, "cron(0 17-8 ? * MON *)": false, "cron(0/0 9 ? * MON *)": false, "0 9 * * 1": false, "daily": false,
	} {
		assert.Equal(t, valid, badScheduleExpression(expression) == "", "%s: %s", expression, badScheduleExpression(expression))
	}
}

func TestSchedules(t *testing.T) {
	c := serve(t)
	machine := "arn:aws:states:ap-northeast-1:123456789012:stateMachine:report"
	role := c.role("starter", schedulerService, []any{"states:StartExecution"}, machine)
	wrong := c.role("stranger", eventsService, nil, "")
	schedule := func(over props) props {
		return with(props{"name": "report", "scheduleExpression": "cron(0 9 ? * MON *)", "scheduleExpressionTimezone": "Asia/Tokyo",
			"flexibleTimeWindow": props{"mode": "OFF"}, "target": props{"arn": machine, "roleArn": role}}, over)
	}
	target := func(over props) props {
		return schedule(props{"target": with(props{"arn": machine, "roleArn": role}, over)})
	}
	g := c.create(scheduleGroupToken, "g", props{"name": "billing", "tags": props{"team": "web"}})
	m := c.create(scheduleToken, "s", schedule(nil))
	assert.Equal(t, "default/report", m.id)
	assert.Equal(t, "arn:aws:scheduler:ap-northeast-1:123456789012:schedule/default/report", m.str("arn"))
	grouped := c.create(scheduleToken, "s2", schedule(props{"groupName": "billing", "flexibleTimeWindow": props{"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}}))
	for _, each := range []*made{g, m, grouped} {
		c.unchanged(each)
		c.imported(each)
	}
	require.NoError(t, c.update(m, schedule(props{"state": "DISABLED"})))
	assert.Equal(t, []string{"groupName"}, c.diff(m, schedule(props{"groupName": "billing"})).GetReplaces())
	other := props{"name": "other"}
	c.refuses([]refusal{
		{"name taken", scheduleToken, schedule(nil), "ConflictException"},
		{"group taken", scheduleGroupToken, props{"name": "billing"}, "ConflictException"},
		{"group default", scheduleGroupToken, props{"name": "default"}, "ConflictException"},
		{"group name", scheduleGroupToken, props{"name": "a b"}, "ValidationException"},
		{"no group", scheduleToken, schedule(props{"groupName": "none"}), "ResourceNotFoundException"},
		{"name", scheduleToken, schedule(props{"name": "a/b"}), "ValidationException"},
		{"expression", scheduleToken, schedule(props{"scheduleExpression": "cron(0 9 * * MON *)"}), "ValidationException: Invalid Schedule Expression"},
		{"time zone", scheduleToken, schedule(props{"scheduleExpressionTimezone": "Asia/Tokio"}), "ValidationException: Invalid ScheduleExpressionTimezone"},
		{"local time zone", scheduleToken, schedule(props{"scheduleExpressionTimezone": "Local"}), "ValidationException"},
		{"window mode", scheduleToken, schedule(props{"flexibleTimeWindow": props{"mode": "ON"}}), "ValidationException"},
		{"window without length", scheduleToken, schedule(props{"flexibleTimeWindow": props{"mode": "FLEXIBLE"}}), "1 to 1440"},
		{"window too long", scheduleToken, schedule(props{"flexibleTimeWindow": props{"mode": "FLEXIBLE", "maximumWindowInMinutes": 1441}}), "1 to 1440"},
		{"length of no window", scheduleToken, schedule(props{"flexibleTimeWindow": props{"mode": "OFF", "maximumWindowInMinutes": 5}}), "not with mode OFF"},
		{"state", scheduleToken, schedule(props{"state": "PAUSED"}), "ValidationException"},
		{"ends first", scheduleToken, schedule(props{"startDate": "2027-01-01T00:00:00Z", "endDate": "2026-01-01T00:00:00Z"}), "before the EndDate"},
		{"target", scheduleToken, target(with(other, props{"name": nil, "arn": "report"})), "Provided Arn is not in correct format"},
		{"target elsewhere", scheduleToken, target(props{"arn": "arn:aws:states:us-east-1:123456789012:stateMachine:report"}), "not in the schedule's Region"},
		{"no role", scheduleToken, with(target(props{"roleArn": "arn:aws:iam::123456789012:role/none"}), other), "must allow AWS EventBridge Scheduler to assume the role"},
		{"role of another service", scheduleToken, with(target(props{"roleArn": wrong}), other), "must allow AWS EventBridge Scheduler to assume the role"},
		{"dead letters to a topic", scheduleToken, target(props{"deadLetterConfig": props{"arn": "arn:aws:sns:ap-northeast-1:123456789012:t"}}), "SQS standard queue"},
		{"age", scheduleToken, target(props{"retryPolicy": props{"maximumEventAgeInSeconds": 59}}), "ValidationException"},
		{"attempts", scheduleToken, target(props{"retryPolicy": props{"maximumRetryAttempts": 186}}), "ValidationException"},
	})
	require.NoError(t, c.remove(g))
	assert.False(t, c.read(grouped), "schedules go with their group")
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
}

// TestScheduleNeedsPassRole: who may not pass the role may not schedule with it.
func TestScheduleNeedsPassRole(t *testing.T) {
	c := serve(t)
	machine := "arn:aws:states:ap-northeast-1:123456789012:stateMachine:report"
	role := c.role("starter", schedulerService, []any{"states:StartExecution"}, machine)
	c.create(rolePolicyToken, "noPass", props{"role": "account-baseline-deployer", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}]}`})
	c.refuses([]refusal{{"pass", scheduleToken, props{"name": "report", "scheduleExpression": "rate(1 day)", "flexibleTimeWindow": props{"mode": "OFF"},
		"target": props{"arn": machine, "roleArn": role}}, "iam:PassRole"}})
}

// TestScheduleRoleSource: in a trust policy, aws:SourceArn is the schedule's group.
func TestScheduleRoleSource(t *testing.T) {
	c := serve(t)
	for source, accepted := range map[string]bool{"schedule-group/default": true, "schedule/default/report": false} {
		name, _, _ := strings.Cut(source, "/")
		role := c.create(roleToken, name, props{"name": name, "assumeRolePolicy": policy(props{
			"Effect": "Allow", "Principal": service(schedulerService), "Action": "sts:AssumeRole",
			"Condition": props{"ArnEquals": props{"aws:SourceArn": "arn:aws:scheduler:ap-northeast-1:123456789012:" + source}},
		})}).str("arn")
		_, err := c.try(scheduleToken, name, props{"name": "report", "scheduleExpression": "rate(1 day)", "flexibleTimeWindow": props{"mode": "OFF"},
			"target": props{"arn": "arn:aws:states:ap-northeast-1:123456789012:stateMachine:report", "roleArn": role}})
		assert.Equal(t, accepted, err == nil, "%s: %v", source, err)
	}
}
