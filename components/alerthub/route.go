package alerthub

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// Scope says in which Regions a route looks for its events.
type Scope int

// The scopes.
const (
	EveryRegion       Scope = iota // the home Region, every covered one, and that of the global services
	HomeOnly                       // the home Region
	GlobalOnly                     // the Region where IAM, root and other global services are recorded
	OrganizationsOnly              // the Region where AWS Organizations is recorded: that of GlobalOnly, but in China
)

// Route sends the events that match a pattern to the recipients of a severity. An event that matches several routes
// is told several times: keep patterns narrow and apart.
type Route struct {
	// Description says what the rule is for; at most 512 characters. Required.
	Description string
	// Pattern is the EventBridge event pattern; it names a source or a detail-type, and is at most 2,048 characters
	// long as JSON. At most two wildcard matchers on one field and six asterisks in all. Required. A change replaces
	// nothing.
	Pattern map[string]any
	// Severity decides who is told. Required. A change replaces the rule's targets.
	Severity Severity
	// Message is what they are told. Required.
	Message Message
	// Scope is where the events are looked for. A route for one Region of which the hub sees no events is left out; the
	// Region is in BlindRegions. Default EveryRegion.
	Scope Scope
	// IgnorePrincipalArns are IAM roles and users whose events are left out, such as the deploying role: full ARNs with
	// their path, no wildcards. A role is recognised in its sessions. It goes with events that CloudTrail recorded;
	// others lack the fields and match as before. Default none.
	IgnorePrincipalArns []string
	// AllManagementEvents also matches read-only calls that CloudTrail records (names that begin with Get, List or
	// Describe), which rules otherwise never see. Default false.
	AllManagementEvents bool
}

// Limits of a rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const (
	maxRuleName        = 64
	maxPattern         = 2048
	maxRuleDescription = 512
)

var (
	routeName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	// patternFields are what an event has at its top: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
	patternFields = []string{"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "$or"}
)

// AddRoute declares the rules of a route: one in the home Region that tells the severity's recipients, and one in
// every other Region in scope that forwards there. The name is part of the rules' names, PREFIX-NAME, which are cut
// and completed by a hash above 64 characters; a change of it replaces the rules. The rules are children of the hub, unless the options give another
// parent, and always use the hub's providers.
func (h *AlertHub) AddRoute(ctx *pulumi.Context, name string, r Route, opts ...pulumi.ResourceOption) error {
	plan, err := h.plan(name, r)
	if err != nil {
		return fmt.Errorf("route %q: %w", name, err)
	}
	if plan.unseen {
		return nil
	}
	opts = slices.Clip(append([]pulumi.ResourceOption{pulumi.Parent(h)}, opts...))
	if err := h.deliverAtHome(ctx, plan, opts); err != nil {
		return err
	}
	for _, region := range plan.forwardFrom {
		if err := h.forward(ctx, plan, region, opts); err != nil {
			return err
		}
	}
	return nil
}

// routePlan is a checked route with everything rendered.
type routePlan struct {
	name, rule  string // the route's name, the rules' physical name
	description string
	pattern     string
	severity    Severity
	state       string
	mail, slack transformer
	reply       *transformer // nil without untrusted details
	forwardFrom []string
	unseen      bool // its events never reach the home Region
}

func (h *AlertHub) plan(name string, r Route) (routePlan, error) {
	plan := routePlan{name: name, rule: naming.Fit(h.prefix+"-"+name, maxRuleName), description: r.Description, severity: r.Severity, state: "ENABLED"}
	if r.AllManagementEvents {
		plan.state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
	}
	problems := r.problems()
	if !routeName.MatchString(name) {
		problems = append(problems, errors.New("the name may hold lower-case letters, digits and hyphens only, and begins and ends with a letter or digit"))
	}
	if len(problems) > 0 {
		return plan, errors.Join(problems...)
	}
	pattern := maps.Clone(r.Pattern)
	only, region := h.regionOfScope(r.Scope)
	if only {
		if _, given := pattern["region"]; !given {
			pattern["region"] = []string{region}
		}
	}
	pattern, err := ignoring(pattern, r.IgnorePrincipalArns)
	if err != nil {
		return plan, err
	}
	if plan.pattern, err = encodePattern(pattern); err != nil {
		return plan, err
	}
	render := renderer{r.Severity, name, h.home.Partition}
	if plan.mail, err = render.mail(r.Message); err != nil {
		return plan, err
	}
	if plan.slack, err = render.slack(r.Message); err != nil {
		return plan, err
	}
	if plan.reply, err = render.reply(r.Message); err != nil {
		return plan, err
	}
	for _, from := range h.forwardFrom {
		if !only || from == region {
			plan.forwardFrom = append(plan.forwardFrom, from)
		}
	}
	plan.unseen = only && region != h.home.Region && len(plan.forwardFrom) == 0
	return plan, h.claim(name)
}

// regionOfScope is the one Region that a scope is about. The home rule sees what other routes forward, too, so the
// pattern has to say it.
func (h *AlertHub) regionOfScope(s Scope) (only bool, region string) {
	switch s {
	case HomeOnly:
		return true, h.home.Region
	case GlobalOnly:
		return true, h.global
	case OrganizationsOnly:
		return true, h.organizations
	default:
		return false, ""
	}
}

func (h *AlertHub) claim(name string) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.routes[name] {
		return errors.New("the hub has a route of this name already")
	}
	h.routes[name] = true
	return nil
}

// noteRule remembers a rule for RuleNames.
func (h *AlertHub) noteRule(region, rule string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.rules[region] = append(h.rules[region], rule)
}

// RuleNames are the names of the rules that the routes added so far have, by Region, sorted.
func (h *AlertHub) RuleNames() map[string][]string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	names := map[string][]string{}
	for region, rules := range h.rules {
		names[region] = slices.Sorted(slices.Values(rules))
	}
	return names
}

// noteTarget remembers a target for TargetsOf.
func (h *AlertHub) noteTarget(route string, target pulumi.Resource) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.targets[route] = append(h.targets[route], target)
}

// TargetsOf are the targets of a route in all Regions, for what has to wait until it delivers.
func (h *AlertHub) TargetsOf(route string) []pulumi.Resource {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return slices.Clone(h.targets[route])
}

func (r Route) problems() []error {
	var problems []error
	if r.Description == "" || len(r.Description) > maxRuleDescription {
		problems = append(problems, fmt.Errorf("%s: 1 to %d characters are needed, not %d", "Description", maxRuleDescription, len(r.Description)))
	}
	if !r.Severity.known() {
		problems = append(problems, unknownSeverity("Severity", r.Severity))
	}
	if r.Scope < EveryRegion || r.Scope > OrganizationsOnly {
		problems = append(problems, fmt.Errorf("%s: %d is not a scope; there are EveryRegion, HomeOnly, GlobalOnly and OrganizationsOnly", "Scope", r.Scope))
	}
	problems = append(problems, checkPattern(r.Pattern)...)
	problems = append(problems, checkPrincipals("IgnorePrincipalArns", r.IgnorePrincipalArns)...)
	return append(problems, r.Message.problems()...)
}

// patternField is how errors name the pattern.
const patternField = "Pattern"

func checkPattern(pattern map[string]any) []error {
	var problems []error
	if pattern["source"] == nil && pattern["detail-type"] == nil {
		problems = append(problems, fmt.Errorf("%s: neither source nor detail-type is given, so it would match the events of every service", patternField))
	}
	for _, field := range slices.Sorted(maps.Keys(pattern)) {
		if !slices.Contains(patternFields, field) {
			problems = append(problems, fmt.Errorf("%s: events have no field %q; what a service reports is below detail", patternField, field))
		}
	}
	text, err := encode(pattern)
	if err != nil {
		return append(problems, fmt.Errorf("%s: %w", patternField, err))
	}
	var decoded map[string]any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil || len(decoded) == 0 {
		return problems // nothing is given, which has been said
	}
	problems = append(problems, checkPatternLeaves(patternField, decoded)...)
	return append(problems, checkWildcards(decoded)...)
}

// checkPatternLeaves wants what EventBridge wants: every leaf a list that is not empty. The value is decoded JSON.
func checkPatternLeaves(path string, value any) []error {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return []error{fmt.Errorf("%s: the object is empty", path)}
		}
		var problems []error
		for _, key := range slices.Sorted(maps.Keys(v)) {
			problems = append(problems, checkPatternLeaves(path+"."+key, v[key])...)
		}
		return problems
	case []any:
		if len(v) == 0 {
			return []error{fmt.Errorf("%s: the list is empty, so nothing would ever match", path)}
		}
		return nil
	default:
		return []error{fmt.Errorf("%s: %v is neither an object nor a list; put single values into a list", path, value)}
	}
}

func encodePattern(pattern map[string]any) (string, error) {
	text, err := encode(pattern)
	if err != nil {
		return "", fmt.Errorf("%s: %w", patternField, err)
	}
	if len(text) > maxPattern {
		return "", fmt.Errorf("%s: it is %d characters long as JSON, at most %d are possible; split the route, or name fewer IgnorePrincipalArns (setting alerts.ignoreChangesBy)", patternField, len(text), maxPattern)
	}
	return text, nil
}

// deliverAtHome declares the rule that tells the recipients. The Slack app needs a target of its own: it drops our
// plain words, and its schema is unreadable in a mail. What callers write goes by a target of its own, so that it
// cannot keep the alert itself from being delivered.
func (h *AlertHub) deliverAtHome(ctx *pulumi.Context, plan routePlan, opts []pulumi.ResourceOption) error {
	h.noteRule(h.home.Region, plan.rule)
	opts = append(opts, h.homeProvider()...)
	name := h.name + "-" + plan.name
	rule, err := h.newRule(ctx, name, plan, h.home.Region, opts)
	if err != nil {
		return err
	}
	if err := h.newTarget(ctx, plan.name, name+"-mail", "mail", rule, h.topics[plan.severity].Arn, &plan.mail, nil, h.home.Region, opts); err != nil {
		return err
	}
	chat := h.chatTopics[plan.severity]
	if chat == nil {
		return nil
	}
	if err := h.newTarget(ctx, plan.name, name+"-chat", "chat", rule, chat.Arn, &plan.slack, nil, h.home.Region, opts); err != nil {
		return err
	}
	if plan.reply == nil {
		return nil
	}
	return h.newTarget(ctx, plan.name, name+"-reply", "reply", rule, chat.Arn, plan.reply, nil, h.home.Region, opts)
}

// forward declares the rule that carries the events of another Region to the home Region's default bus, as they are.
func (h *AlertHub) forward(ctx *pulumi.Context, plan routePlan, region string, opts []pulumi.ResourceOption) error {
	h.noteRule(region, plan.rule)
	opts = append(opts, pulumi.Provider(h.regions.For(region)))
	name := h.name + "-" + plan.name + "-in-" + region
	rule, err := h.newRule(ctx, name, plan, region, opts)
	if err != nil {
		return err
	}
	bus := pulumi.String(h.homeBus()).ToStringOutput()
	return h.newTarget(ctx, plan.name, name+"-home", "home", rule, bus, nil, h.forwardingRole.Arn, region, opts)
}

// newRule declares a rule after the dead-letter queue of its Region. Its targets wait for that anyway, and hundreds of rules that
// can do nothing yet would stand before what takes long in the queue of an update of many Regions.
func (h *AlertHub) newRule(ctx *pulumi.Context, name string, plan routePlan, region string, opts []pulumi.ResourceOption) (*cloudwatch.EventRule, error) {
	return cloudwatch.NewEventRule(ctx, name, &cloudwatch.EventRuleArgs{
		Name:         pulumi.String(plan.rule),
		Description:  pulumi.String(plan.description),
		EventPattern: pulumi.String(plan.pattern),
		State:        pulumi.String(plan.state),
		Tags:         h.tags,
	}, slices.Concat(opts, []pulumi.ResourceOption{pulumi.DependsOn([]pulumi.Resource{h.deadLetters[region]})})...)
}

// newTarget declares a target whose failed deliveries are retried for a day, then left in the dead-letter queue of
// the rule's Region.
func (h *AlertHub) newTarget(ctx *pulumi.Context, route, name, id string, rule *cloudwatch.EventRule, arn pulumi.StringInput,
	input *transformer, role pulumi.StringPtrInput, region string, opts []pulumi.ResourceOption,
) error {
	args := &cloudwatch.EventTargetArgs{
		Rule:             rule.Name,
		TargetId:         pulumi.String(id),
		Arn:              arn,
		RoleArn:          role,
		DeadLetterConfig: &cloudwatch.EventTargetDeadLetterConfigArgs{Arn: h.deadLetters[region].Arn},
		RetryPolicy: &cloudwatch.EventTargetRetryPolicyArgs{
			MaximumEventAgeInSeconds: pulumi.Int(86400),
			MaximumRetryAttempts:     pulumi.Int(185),
		},
	}
	if input != nil {
		args.InputTransformer = &cloudwatch.EventTargetInputTransformerArgs{
			InputPaths:    pulumi.ToStringMap(input.Paths),
			InputTemplate: pulumi.String(input.Template),
		}
	}
	made, err := cloudwatch.NewEventTarget(ctx, name, args, opts...)
	if err != nil {
		return err
	}
	h.noteTarget(route, made)
	return nil
}
