package awssim

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// Services are what an execution of a state machine meets outside of the account's own
// resources.
type Services struct {
	// Evaluator evaluates the machine's JSONata.
	Evaluator statemachine.Evaluator
	// Answer answers the calls that the role of the machine may make, those to
	// SNS excepted: they are really published. It must not use the account.
	Answer statemachine.TaskFunc
}

// Run is an execution of a state machine.
type Run struct {
	*statemachine.Execution
	// Calls are the service calls in order, as their IAM actions, with the refused ones.
	Calls []Call
	// Deliveries are what became of the messages that the execution published.
	Deliveries []Delivery
}

// Call is one call of a service by a state machine.
type Call struct {
	Action, Resource string // IAM action and the ARN that it is about
	Refused          string // why the role may not make it; empty when it may
}

// RunSchedule lets a schedule of a Region, named GROUP/NAME, start its state machine and
// the machine run to its end, with the roles and policies of the moment. A schedule that
// cannot start its target gives a Run without Execution and one dropped delivery.
func (a *Account) RunSchedule(region, id string, services Services) (*Run, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	group, name, _ := strings.Cut(id, "/")
	s := a.Scheduler.Schedules[a.scheduleARN(region, group, name)]
	if s == nil {
		return nil, refuse("ResourceNotFoundException", fmt.Sprintf("Schedule %s does not exist in %s.", id, region), schedulerAPI+"GetSchedule.html")
	}
	target := object(s.Properties, "target")
	role, arn := str(target, "roleArn"), str(target, "arn")
	m := message{text: a.scheduleInput(s, str(target, "input")), from: schedulerService}.at("schedule", s.ARN)
	if strOr(s.Properties, "state", "ENABLED") != "ENABLED" {
		return &Run{Deliveries: []Delivery{m.dropped("schedule %s is switched off", id)}}, nil
	}
	err := a.schedulerAssumes(s, role)
	if err == nil {
		err = a.roleMay(role, "states:StartExecution", arn, secured(nil))
	}
	if err == nil {
		var run *Run
		if run, err = a.execute(arn, m.text, services); err == nil {
			return run, nil
		}
	}
	d := m.dropped("target %s: %v", arn, err)
	if queue := str(object(target, "deadLetterConfig"), "arn"); queue != "" {
		d = a.keep(queue, m.text, a.rolePrincipal(role), secured(nil), d)
	}
	return &Run{Deliveries: []Delivery{d}}, nil
}

// scheduleInput fills in the attributes that Scheduler knows.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
func (a *Account) scheduleInput(s *schedule, input string) string {
	if input == "" {
		input = "{}"
	}
	return strings.NewReplacer("<aws.scheduler.schedule-arn>", s.ARN, "<aws.scheduler.scheduled-time>", a.timestamp(),
		"<aws.scheduler.execution-id>", a.uuid(), "<aws.scheduler.attempt-number>", "1").Replace(input)
}

// StartExecution runs a state machine with a JSON input, as somebody who may do so.
func (a *Account) StartExecution(machineARN, input string, services Services) (*Run, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.execute(machineARN, input, services)
}

func (a *Account) execute(arn, input string, services Services) (*Run, error) {
	m := a.StepFunctions.Machines[arn]
	if m == nil {
		return nil, refuse("StateMachineDoesNotExist", "State Machine Does Not Exist: '"+arn+"'", strings.Replace(sfnAPI, "CreateStateMachine", "StartExecution", 1))
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		return nil, refuse("InvalidExecutionInput", "Invalid State Machine Execution Input: "+err.Error(), strings.Replace(sfnAPI, "CreateStateMachine", "StartExecution", 1))
	}
	role := str(m.Properties, "roleArn")
	if err := a.machineAssumes(m, role); err != nil {
		return nil, err
	}
	parsed, err := statemachine.Parse(str(m.Properties, "definition"))
	if err != nil {
		return nil, invalidDefinition(err.Error())
	}
	run, id := &Run{}, a.uuid()
	trail := message{from: role}.at("state-machine", arn)
	run.Execution, err = parsed.Run(value, statemachine.Options{
		Evaluator: services.Evaluator,
		Now:       a.now(),
		Context: map[string]any{
			"Execution":    map[string]any{"Id": a.arn("states", m.Region, a.ID, "execution:"+m.Name+":"+id), "Name": id, "RoleArn": role},
			"StateMachine": map[string]any{"Id": arn, "Name": m.Name},
		},
		Task: func(resource string, arguments map[string]any) (any, *statemachine.TaskError) {
			return a.task(m, role, resource, arguments, services, trail, run)
		},
	})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// task performs a Task state with the machine's role.
func (a *Account) task(m *stateMachine, role, resource string, arguments map[string]any, services Services, trail message, run *Run) (any, *statemachine.TaskError) {
	i, ok := integrationOf(resource)
	if !ok {
		return nil, &statemachine.TaskError{Name: statemachine.ErrorRuntime, Cause: "the resource " + resource + " is not simulated"}
	}
	action, about := a.permission(m.Region, i, arguments)
	made := Call{Action: action, Resource: about}
	defer func() { run.Calls = append(run.Calls, made) }()
	asked := requestedIn(a.regionOf(m.Region, i))
	if i.service == "sns" && i.action == "Publish" {
		return a.publishTask(i, role, arguments, asked, trail, run, &made)
	}
	if err := a.roleMay(role, action, about, secured(asked)); err != nil {
		made.Refused = err.Error()
		return nil, i.unauthorized(err)
	}
	if err := a.accepts(m.Region, role, action, i, arguments); err != nil {
		made.Refused = err.Error()
		return nil, i.failure(err)
	}
	if services.Answer == nil {
		return nil, &statemachine.TaskError{Name: statemachine.ErrorRuntime, Cause: "nobody answers " + action}
	}
	return services.Answer(resource, arguments)
}

// publishTask publishes to a topic with the machine's role.
func (a *Account) publishTask(
	i integration, role string, arguments map[string]any, asked map[string][]string, trail message, run *Run, made *Call,
) (any, *statemachine.TaskError) {
	topic, _ := arguments["TopicArn"].(string)
	if err := a.mayPublish(a.rolePrincipal(role), asked, topic); err != nil {
		made.Refused = err.Error()
		run.Deliveries = append(run.Deliveries, trail.at("topic", topic).dropped("%v", err))
		name := "AuthorizationErrorException"
		switch {
		case refusedAs(err, "NotFound"):
			name = "NotFoundException"
		case strings.Contains(made.Refused, "key of "):
			name = "KmsAccessDeniedException"
		}
		return nil, &statemachine.TaskError{Name: i.name + "." + name, Cause: made.Refused}
	}
	text, isText := arguments["Message"].(string)
	if !isText {
		if _, given := arguments["Message"]; !given {
			return nil, &statemachine.TaskError{Name: i.name + ".InvalidParameterException", Cause: "Invalid parameter: Empty message"}
		}
		text = jsonText(maps.Clone(arguments)["Message"])
	}
	if subject, ok := arguments["Subject"].(string); ok && badSubject(subject) {
		return nil, &statemachine.TaskError{Name: i.name + ".InvalidParameterException", Cause: "Invalid parameter: Subject"}
	}
	if text == "" || len(text) > snsMessageMax {
		return nil, &statemachine.TaskError{Name: i.name + ".InvalidParameterException", Cause: "Invalid parameter: Empty message or message too long"}
	}
	trail.text = text
	run.Deliveries = append(run.Deliveries, a.onTopic(a.SNS.Topics[topic], trail)...)
	return map[string]any{"MessageId": a.uuid()}, nil
}

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const (
	snsMessageMax = 262144
	snsSubjectMax = 100
)

// badSubject: at most 100 ASCII characters that start with a letter, digit or
// punctuation mark, without line breaks and control characters.
func badSubject(subject string) bool {
	return subject == "" || len(subject) > snsSubjectMax || subject[0] == ' ' ||
		strings.ContainsFunc(subject, func(r rune) bool { return r < ' ' || r > '~' })
}
