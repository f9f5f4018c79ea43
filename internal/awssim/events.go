package awssim

import (
	"fmt"
	"regexp"
	"strings"
)

// eventsState is what EventBridge keeps. Everything is kept under its ARN, targets
// under eventsTargetKey.
type eventsState struct {
	Buses           table[eventsBus] // the default bus of a Region appears when it has a policy
	Rules           table[eventsRule]
	Targets         table[eventsTarget]
	Connections     table[eventsConnection]
	APIDestinations table[eventsAPIDestination]
}

// eventsBus is an event bus with its resource policy.
type eventsBus struct {
	ARN, Name, Region string
	Policy            string // "": the account's own events only
	Properties        props
}

const (
	eventsCreateBusDoc = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html"
	eventsDeleteBusDoc = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html"
	eventsDLQDoc       = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html"
	eventsDefaultBus   = "default"
	eventsService      = "events.amazonaws.com"
)

var (
	eventsName    = regexp.MustCompile(`^[.\-_A-Za-z0-9]{1,64}$`)
	eventsBusName = regexp.MustCompile(`^[/.\-_A-Za-z0-9]{1,256}$`)
)

var eventsTypes = map[string]resourceType{
	"aws:cloudwatch/eventBus:EventBus": {
		check:  checkBus,
		create: createBus,
		read:   readBus,
		update: updateBus,
		delete: deleteBus,
	},
	"aws:cloudwatch/eventBusPolicy:EventBusPolicy": {
		check:  checkBusPolicy,
		create: createBusPolicy,
		read:   readBusPolicy,
		update: updateBusPolicy,
		delete: deleteBusPolicy,
	},
	"aws:cloudwatch/eventPermission:EventPermission": {
		check:  checkPermission,
		create: createPermission,
		read:   readPermission,
		update: updatePermission,
		delete: deletePermission,
	},
	"aws:cloudwatch/eventRule:EventRule": {
		check:  checkRule,
		create: createRule,
		read:   readRule,
		update: updateRule,
		delete: deleteRule,
	},
	"aws:cloudwatch/eventTarget:EventTarget": {
		check:  checkTarget,
		create: createTarget,
		read:   readTarget,
		update: updateTarget,
		delete: deleteTarget,
	},
	"aws:cloudwatch/eventConnection:EventConnection": {
		check:  checkConnection,
		create: createConnection,
		read:   readConnection,
		update: updateConnection,
		delete: deleteConnection,
	},
	"aws:cloudwatch/eventApiDestination:EventApiDestination": {
		check:  checkAPIDestination,
		create: createAPIDestination,
		read:   readAPIDestination,
		update: updateAPIDestination,
		delete: deleteAPIDestination,
	},
}

// eventsBusARN is the ARN of a bus that a property names by its name or ARN; "" names
// the default bus.
func (a *Account) eventsBusARN(region, bus string) string {
	switch {
	case bus == "":
		bus = eventsDefaultBus
	case strings.HasPrefix(bus, "arn:"):
		return bus
	}
	return a.arn("events", region, a.ID, "event-bus/"+bus)
}

// eventsBusOf finds a bus by name or ARN. Every Region has a default bus.
func (a *Account) eventsBusOf(region, bus string) (*eventsBus, error) {
	arn := a.eventsBusARN(region, bus)
	if found, ok := a.Events.Buses[arn]; ok {
		return found, nil
	}
	parts, _ := a.ownARN(arn)
	name := strings.TrimPrefix(parts.Resource, "event-bus/")
	if name == eventsDefaultBus {
		return &eventsBus{ARN: arn, Name: name, Region: parts.Region}, nil
	}
	return nil, refuse("ResourceNotFoundException", fmt.Sprintf("Event bus %s does not exist.", bus), eventsCreateBusDoc)
}

func checkBus(_ *call, in props) error {
	name, source := str(in, "name"), str(in, "eventSourceName")
	switch {
	case name == eventsDefaultBus:
		return refuse("ResourceAlreadyExistsException", "name: every Region has an event bus named default", eventsCreateBusDoc)
	case name != "" && !eventsBusName.MatchString(name):
		return refuse("ValidationException", fmt.Sprintf("name: %q: 1 to 256 letters, digits, dots, hyphens and underscores", name), eventsCreateBusDoc)
	case strings.Contains(name, "/") && !present(in, "eventSourceName"):
		return refuse("ValidationException", fmt.Sprintf("name: %q: only the bus of a partner event source has a slash in its name", name), eventsCreateBusDoc)
	case source != "" && name != "" && source != name:
		return refuse("ValidationException", "name: the bus of a partner event source has the name of the source", eventsCreateBusDoc)
	}
	return eventsDescription(in, eventsCreateBusDoc)
}

func eventsDescription(in props, doc string) error {
	if len(str(in, "description")) > 512 {
		return refuse("ValidationException", "description: longer than 512 characters", doc)
	}
	return nil
}

func createBus(c *call, in props) (string, props, error) {
	bus := &eventsBus{Name: str(in, "name"), Region: c.Region, Properties: stored(in)}
	bus.ARN = c.eventsBusARN(c.Region, bus.Name)
	if err := c.may("events:CreateEventBus", bus.ARN); err != nil {
		return "", nil, err
	}
	if _, ok := c.Events.Buses[bus.ARN]; ok {
		return "", nil, refuse("ResourceAlreadyExistsException", fmt.Sprintf("Event bus %s already exists.", bus.Name), eventsCreateBusDoc)
	}
	if err := c.eventsDeadLetter(in); err != nil {
		return "", nil, err
	}
	c.Events.Buses.put(bus.ARN, bus)
	return bus.Name, bus.outputs(), nil
}

func (b *eventsBus) outputs() props {
	out := withDefaults(b.Properties, props{})
	out["name"], out["arn"] = b.Name, b.ARN
	return out
}

func readBus(c *call, id string, _ props) (props, error) {
	bus, ok := c.Events.Buses[c.eventsBusARN(c.Region, id)]
	if !ok || bus.Name == eventsDefaultBus {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeEventBus", bus.ARN); err != nil {
		return nil, err
	}
	return bus.outputs(), nil
}

func updateBus(c *call, id string, _, in props) (props, error) {
	bus, ok := c.Events.Buses[c.eventsBusARN(c.Region, id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("events:UpdateEventBus", bus.ARN); err != nil {
		return nil, err
	}
	if err := c.eventsDeadLetter(in); err != nil {
		return nil, err
	}
	bus.Properties = stored(in)
	return bus.outputs(), nil
}

func deleteBus(c *call, id string, _ props) error {
	bus, ok := c.Events.Buses[c.eventsBusARN(c.Region, id)]
	if !ok {
		return errNotFound
	}
	if err := c.may("events:DeleteEventBus", bus.ARN); err != nil {
		return err
	}
	for _, rule := range c.Events.Rules {
		if rule.BusARN == bus.ARN {
			return refuse("ValidationException", fmt.Sprintf("Event bus %s can't be deleted since it has rules.", bus.Name), eventsDeleteBusDoc)
		}
	}
	delete(c.Events.Buses, bus.ARN)
	return nil
}

// eventsDeadLetter demands of the dead-letter queue of a target or bus that it is a
// standard queue of the account in the same Region.
func (c *call) eventsDeadLetter(in props) error {
	arn := str(object(in, "deadLetterConfig"), "arn")
	if arn == "" {
		return nil
	}
	parts, ok := splitARN(arn)
	switch {
	case !ok || parts.Service != "sqs":
		return refuse("ValidationException", fmt.Sprintf("deadLetterConfig.arn: %q is not the ARN of an SQS queue", arn), eventsDLQDoc)
	case parts.Partition != c.Partition || parts.Account != c.ID || parts.Region != c.Region:
		return refuse("ValidationException", fmt.Sprintf("deadLetterConfig.arn: %s is not in the account and Region %s of the rule", arn, c.Region), eventsDLQDoc)
	case strings.HasSuffix(arn, sqsFIFOSuffix):
		return refuse("ValidationException", fmt.Sprintf("deadLetterConfig.arn: %s is a FIFO queue; a dead-letter queue of EventBridge is a standard queue", arn), eventsDLQDoc)
	}
	return nil
}
