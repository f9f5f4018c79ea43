package awssim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// sqsState is what SQS keeps. Queues are kept under their ARN.
type sqsState struct {
	Queues table[sqsQueue]
}

// sqsQueue is a queue with its policies.
type sqsQueue struct {
	ARN, URL, Name, Region string
	Policy                 string // "": none, the owner's principals only
	RedrivePolicy          string
	RedriveAllowPolicy     string
	Own                    []string // which of the policies the Queue resource itself sets
	Messages               []string // bodies of the messages that were delivered and wait
	Properties             props
}

const (
	sqsCreateQueueDoc = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"
	sqsSetQueueDoc    = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
	sqsDeadLetterDoc  = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
	sqsEncryptionDoc  = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html"
	sqsFIFOSuffix     = ".fifo"
)

var sqsQueueName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// sqsRanges are the attributes that are numbers: least and greatest value, default.
var sqsRanges = map[string][3]float64{
	"delaySeconds":                 {0, 900, 0},
	"kmsDataKeyReusePeriodSeconds": {60, 86400, 300},
	"maxMessageSize":               {1024, 262144, 262144},
	"messageRetentionSeconds":      {60, 1209600, 345600},
	"receiveWaitTimeSeconds":       {0, 20, 0},
	"visibilityTimeoutSeconds":     {0, 43200, 30},
}

var sqsTypes = map[string]resourceType{
	"aws:sqs/queue:Queue": {
		check:  checkQueue,
		create: createQueue,
		read:   readQueue,
		update: updateQueue,
		delete: deleteQueue,
	},
	"aws:sqs/queuePolicy:QueuePolicy":               queueAttribute("policy"),
	"aws:sqs/redrivePolicy:RedrivePolicy":           queueAttribute("redrivePolicy"),
	"aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": queueAttribute("redriveAllowPolicy"),
}

func checkQueue(_ *call, in props) error {
	fifo := flag(in, "fifoQueue", false)
	if name := str(in, "name"); name != "" {
		base, isFIFO := strings.CutSuffix(name, sqsFIFOSuffix)
		if isFIFO != fifo || !sqsQueueName.MatchString(base) || len(name) > 80 {
			return refuse("InvalidParameterValue", fmt.Sprintf("name: %q: 1 to 80 letters, digits, hyphens and underscores; the name of a FIFO queue ends with .fifo, no other does", name), sqsCreateQueueDoc)
		}
	}
	for _, key := range sortedKeys(sqsRanges) {
		if err := inRange(in, key, sqsRanges[key][0], sqsRanges[key][1], sqsCreateQueueDoc); err != nil {
			return err
		}
	}
	if present(in, "kmsMasterKeyId") && flag(in, "sqsManagedSseEnabled", false) {
		return refuse("InvalidAttributeValue", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.", sqsEncryptionDoc)
	}
	for _, key := range []string{"contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"} {
		if v := in[key]; !fifo && v != nil && v != false && v != "" {
			return refuse("InvalidAttributeName", fmt.Sprintf("Unknown Attribute %s: it is for FIFO queues only", key), sqsCreateQueueDoc)
		}
	}
	if scope := str(in, "deduplicationScope"); scope != "" && scope != "queue" && scope != "messageGroup" {
		return refuse("InvalidAttributeValue", fmt.Sprintf("deduplicationScope: %q is neither queue nor messageGroup", scope), sqsCreateQueueDoc)
	}
	switch limit := str(in, "fifoThroughputLimit"); {
	case limit == "" || limit == "perQueue":
	case limit != "perMessageGroupId":
		return refuse("InvalidAttributeValue", fmt.Sprintf("fifoThroughputLimit: %q is neither perQueue nor perMessageGroupId", limit), sqsCreateQueueDoc)
	case str(in, "deduplicationScope") != "messageGroup" && !isUnknown(in["deduplicationScope"]):
		return refuse("InvalidAttributeValue", "fifoThroughputLimit: perMessageGroupId needs the deduplicationScope messageGroup", sqsCreateQueueDoc)
	}
	return sqsPolicyTexts(in)
}

func createQueue(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	if flag(in, "fifoQueue", false) && !strings.HasSuffix(name, sqsFIFOSuffix) {
		name += sqsFIFOSuffix
	}
	queue := &sqsQueue{
		ARN:    c.arn("sqs", c.Region, c.ID, name),
		URL:    "https://sqs." + c.Region + "." + c.dnsSuffix() + "/" + c.ID + "/" + name,
		Name:   name,
		Region: c.Region,
	}
	if err := c.may("sqs:CreateQueue", queue.ARN); err != nil {
		return "", nil, err
	}
	for _, attribute := range sqsPolicies {
		if err := c.sqsPut(queue, attribute, str(in, attribute)); err != nil {
			return "", nil, err
		}
	}
	queue.configure(in)
	// CreateQueue gives an existing queue back, provided that nothing differs.
	if existing, ok := c.SQS.Queues[queue.ARN]; ok {
		if !reflect.DeepEqual(normal(existing.Properties), normal(queue.Properties)) {
			return "", nil, refuse("QueueAlreadyExists", "A queue already exists with the same name and a different value for an attribute: "+queue.ARN, sqsCreateQueueDoc)
		}
		return existing.URL, existing.outputs(), nil
	}
	c.SQS.Queues.put(queue.ARN, queue)
	return queue.URL, queue.outputs(), nil
}

// configure takes over everything but the policies.
func (q *sqsQueue) configure(in props) {
	q.Properties = stored(in)
	q.Own = nil
	for _, attribute := range sqsPolicies {
		if present(in, attribute) {
			q.Own = append(q.Own, attribute)
		}
		delete(q.Properties, attribute)
	}
}

func (q *sqsQueue) outputs() props {
	defaults := props{
		"contentBasedDeduplication": false,
		"fifoQueue":                 false,
		"deduplicationScope":        "",
		"fifoThroughputLimit":       "",
		// SQS encrypts with its own keys unless told otherwise.
		"sqsManagedSseEnabled": str(q.Properties, "kmsMasterKeyId") == "",
	}
	for key, r := range sqsRanges {
		defaults[key] = r[2]
	}
	if flag(q.Properties, "fifoQueue", false) {
		defaults["deduplicationScope"], defaults["fifoThroughputLimit"] = "queue", "perQueue"
	}
	out := withDefaults(q.Properties, defaults)
	out["name"], out["arn"], out["url"] = q.Name, q.ARN, q.URL
	for _, attribute := range sqsPolicies {
		out[attribute] = *q.policy(attribute)
	}
	return out
}

// sqsByURL finds a queue by its URL, which is the id of the resource.
func (a *Account) sqsByURL(address string) (*sqsQueue, bool) {
	for _, q := range a.SQS.Queues {
		if q.URL == address {
			return q, true
		}
	}
	return nil, false
}

func readQueue(c *call, id string, state props) (props, error) {
	queue, ok := c.sqsByURL(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.sqsAuthorize(queue, "sqs:GetQueueAttributes"); err != nil {
		return nil, err
	}
	out := queue.outputs()
	for _, attribute := range sqsPolicies {
		// A policy that a resource of its own sets is no drift of the queue.
		if len(state) > 0 && !slices.Contains(queue.Own, attribute) {
			out[attribute] = state[attribute]
		}
	}
	return out, nil
}

func updateQueue(c *call, id string, old, in props) (props, error) {
	queue, ok := c.sqsByURL(id)
	if !ok {
		return nil, errNotFound
	}
	if err := c.sqsAuthorize(queue, "sqs:SetQueueAttributes"); err != nil {
		return nil, err
	}
	changed := *queue
	for _, attribute := range sqsPolicies {
		if str(in, attribute) != str(old, attribute) && (present(in, attribute) || slices.Contains(queue.Own, attribute)) {
			if err := c.sqsPut(&changed, attribute, str(in, attribute)); err != nil {
				return nil, err
			}
		}
	}
	changed.configure(in)
	*queue = changed
	return queue.outputs(), nil
}

func deleteQueue(c *call, id string, _ props) error {
	queue, ok := c.sqsByURL(id)
	if !ok {
		return errNotFound
	}
	if err := c.sqsAuthorize(queue, "sqs:DeleteQueue"); err != nil {
		return err
	}
	delete(c.SQS.Queues, queue.ARN)
	return nil
}

// decodeObject reads a JSON object out of a property.
func decodeObject(text string) (props, bool) {
	var o props
	err := json.Unmarshal([]byte(text), &o)
	return o, err == nil && o != nil
}
