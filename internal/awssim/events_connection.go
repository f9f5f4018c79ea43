package awssim

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// eventsConnection holds how EventBridge authenticates at an HTTP endpoint. The
// credentials go into a secret of the account.
type eventsConnection struct {
	ARN, Name, Region, SecretARN string
	Properties                   props
}

// eventsAPIDestination is an HTTP endpoint that rules and pipes can send to.
type eventsAPIDestination struct {
	ARN, Name, Region string
	ConnectionARN     string
	Endpoint          string
	Properties        props
}

const (
	eventsConnectionDoc  = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html"
	eventsDestinationDoc = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html"
	eventsGovCloudDoc    = "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-eventbridge.html"
	eventsEndpointMax    = 2048
	eventsRateMax        = 300
)

// eventsAuthorization names the block of authParameters that each type needs.
var eventsAuthorization = map[string]string{
	"API_KEY":                  "apiKey",
	"BASIC":                    "basic",
	"OAUTH_CLIENT_CREDENTIALS": "oauth",
}

var (
	eventsMethods      = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
	eventsOAuthMethods = []string{"GET", "POST", "PUT"}
	// A header's name or value as an API key or user name may be.
	eventsAuthText = regexp.MustCompile(`^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$`)
	eventsHeader   = regexp.MustCompile("^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$")
)

// checkConnection never repeats a value: most of them are secret.
func checkConnection(c *call, in props) error {
	if err := c.partitionLacks("EventBridge API destinations", eventsGovCloudDoc, "aws-us-gov"); err != nil {
		return err
	}
	invalid := func(key, what string) error {
		return refuse("ValidationException", key+": "+what, eventsConnectionDoc)
	}
	if name := str(in, "name"); name != "" && !eventsName.MatchString(name) {
		return invalid("name", "1 to 64 letters, digits, dots, hyphens and underscores")
	}
	if err := eventsDescription(in, eventsConnectionDoc); err != nil {
		return err
	}
	parameters, known := in["authParameters"].(props)
	kind := str(in, "authorizationType")
	if kind == "" || !known {
		return nil
	}
	block, ok := eventsAuthorization[kind]
	if !ok {
		return invalid("authorizationType", fmt.Sprintf("%q is none of %s", kind, strings.Join(sortedKeys(eventsAuthorization), ", ")))
	}
	for _, other := range sortedKeys(eventsAuthorization) {
		key := eventsAuthorization[other]
		if present(parameters, key) != (key == block) {
			return invalid("authParameters."+key, fmt.Sprintf("the authorization type %s needs %s and no other", kind, block))
		}
	}
	credentials := object(parameters, block)
	if method := str(credentials, "httpMethod"); method != "" && !slices.Contains(eventsOAuthMethods, method) {
		return invalid("authParameters.oauth.httpMethod", "none of "+strings.Join(eventsOAuthMethods, ", "))
	}
	for _, key := range []string{"key", "value", "username", "password"} {
		if text := str(credentials, key); text != "" && (len(text) > 512 || !eventsAuthText.MatchString(text)) {
			return invalid("authParameters."+block+"."+key, "at most 512 printable characters, no colon")
		}
	}
	for i, header := range objects(object(parameters, "invocationHttpParameters"), "headers") {
		if key := str(header, "key"); key != "" && !eventsHeader.MatchString(key) {
			return invalid(fmt.Sprintf("authParameters.invocationHttpParameters.headers[%d].key", i), "not a header name")
		}
	}
	return nil
}

func createConnection(c *call, in props) (string, props, error) {
	name := str(in, "name")
	if err := c.may("events:CreateConnection", c.arn("events", c.Region, c.ID, "connection/"+name)); err != nil {
		return "", nil, err
	}
	if _, ok := c.eventsConnectionOf(name); ok {
		return "", nil, refuse("ResourceAlreadyExistsException", fmt.Sprintf("Connection %s already exists.", name), eventsConnectionDoc)
	}
	id := c.uuid()
	connection := &eventsConnection{
		ARN:  c.arn("events", c.Region, c.ID, "connection/"+name+"/"+id),
		Name: name, Region: c.Region,
		SecretARN:  c.arn("secretsmanager", c.Region, c.ID, "secret:events!connection/"+name+"/"+id+"-"+c.upperID(6)),
		Properties: stored(in),
	}
	c.Events.Connections.put(connection.ARN, connection)
	return name, connection.outputs(), nil
}

func (n *eventsConnection) outputs() props {
	out := withDefaults(n.Properties, props{})
	out["name"], out["arn"], out["secretArn"] = n.Name, n.ARN, n.SecretARN
	return out
}

func (c *call) eventsConnectionOf(name string) (*eventsConnection, bool) {
	for _, n := range c.Events.Connections {
		if n.Region == c.Region && n.Name == name {
			return n, true
		}
	}
	return nil, false
}

func readConnection(c *call, id string, _ props) (props, error) {
	connection, ok := c.eventsConnectionOf(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeConnection", connection.ARN); err != nil {
		return nil, err
	}
	return connection.outputs(), nil
}

func updateConnection(c *call, id string, _, in props) (props, error) {
	connection, ok := c.eventsConnectionOf(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("events:UpdateConnection", connection.ARN); err != nil {
		return nil, err
	}
	connection.Properties = stored(in)
	return connection.outputs(), nil
}

// deleteConnection removes the connection; API destinations that use it stay and
// become inactive.
func deleteConnection(c *call, id string, _ props) error {
	connection, ok := c.eventsConnectionOf(id)
	if !ok {
		return errNotFound
	}
	if err := c.may("events:DeleteConnection", connection.ARN); err != nil {
		return err
	}
	delete(c.Events.Connections, connection.ARN)
	return nil
}

// checkAPIDestination does not repeat the endpoint: a webhook's URL is a secret.
func checkAPIDestination(c *call, in props) error {
	if err := c.partitionLacks("EventBridge API destinations", eventsGovCloudDoc, "aws-us-gov"); err != nil {
		return err
	}
	invalid := func(key, what string) error {
		return refuse("ValidationException", key+": "+what, eventsDestinationDoc)
	}
	if name := str(in, "name"); name != "" && !eventsName.MatchString(name) {
		return invalid("name", "1 to 64 letters, digits, dots, hyphens and underscores")
	}
	if endpoint := str(in, "invocationEndpoint"); endpoint != "" {
		u, err := url.Parse(strings.ReplaceAll(endpoint, "*", "x"))
		if err != nil || u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") || len(endpoint) > eventsEndpointMax {
			return invalid("invocationEndpoint", fmt.Sprintf("not an https URL of at most %d characters with a public host name", eventsEndpointMax))
		}
	}
	if method := str(in, "httpMethod"); method != "" && !slices.Contains(eventsMethods, method) {
		return invalid("httpMethod", fmt.Sprintf("%q is none of %s", method, strings.Join(eventsMethods, ", ")))
	}
	if err := inRange(in, "invocationRateLimitPerSecond", 1, eventsRateMax, eventsDestinationDoc); err != nil {
		return err
	}
	return eventsDescription(in, eventsDestinationDoc)
}

func createAPIDestination(c *call, in props) (string, props, error) {
	name := str(in, "name")
	if err := c.may("events:CreateApiDestination", c.arn("events", c.Region, c.ID, "api-destination/"+name)); err != nil {
		return "", nil, err
	}
	if _, ok := c.eventsAPIDestinationOf(name); ok {
		return "", nil, refuse("ResourceAlreadyExistsException", fmt.Sprintf("An api-destination '%s' already exists.", name), eventsDestinationDoc)
	}
	destination := &eventsAPIDestination{
		ARN:  c.arn("events", c.Region, c.ID, "api-destination/"+name+"/"+c.uuid()),
		Name: name, Region: c.Region,
	}
	if err := c.putAPIDestination(destination, in); err != nil {
		return "", nil, err
	}
	c.Events.APIDestinations.put(destination.ARN, destination)
	return name, destination.outputs(), nil
}

func (c *call) putAPIDestination(d *eventsAPIDestination, in props) error {
	connection := str(in, "connectionArn")
	if _, ok := c.Events.Connections[connection]; !ok {
		return refuse("ResourceNotFoundException", fmt.Sprintf("Connection %s does not exist.", connection), eventsDestinationDoc)
	}
	d.ConnectionARN, d.Endpoint, d.Properties = connection, str(in, "invocationEndpoint"), stored(in)
	return nil
}

func (d *eventsAPIDestination) outputs() props {
	out := withDefaults(d.Properties, props{"invocationRateLimitPerSecond": eventsRateMax})
	out["name"], out["arn"] = d.Name, d.ARN
	return out
}

func (c *call) eventsAPIDestinationOf(name string) (*eventsAPIDestination, bool) {
	for _, d := range c.Events.APIDestinations {
		if d.Region == c.Region && d.Name == name {
			return d, true
		}
	}
	return nil, false
}

func readAPIDestination(c *call, id string, _ props) (props, error) {
	destination, ok := c.eventsAPIDestinationOf(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeApiDestination", destination.ARN); err != nil {
		return nil, err
	}
	return destination.outputs(), nil
}

func updateAPIDestination(c *call, id string, _, in props) (props, error) {
	destination, ok := c.eventsAPIDestinationOf(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("events:UpdateApiDestination", destination.ARN); err != nil {
		return nil, err
	}
	if err := c.putAPIDestination(destination, in); err != nil {
		return nil, err
	}
	return destination.outputs(), nil
}

func deleteAPIDestination(c *call, id string, _ props) error {
	destination, ok := c.eventsAPIDestinationOf(id)
	if !ok {
		return errNotFound
	}
	if err := c.may("events:DeleteApiDestination", destination.ARN); err != nil {
		return err
	}
	delete(c.Events.APIDestinations, destination.ARN)
	return nil
}
