package alerthub

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Days between the deletion of the key and the loss of it; it can be cancelled in between.
const (
	deletionWindow           = 30
	disposableDeletionWindow = 7
)

// newKey declares the key of the topics. Its policy is a resource of its own, so that a key can be adopted by its id.
// The key protects nothing that is kept, so it goes with the stack.
func (h *AlertHub) newKey(ctx *pulumi.Context, args *AlertHubArgs) error {
	window := deletionWindow
	if args.Disposable {
		window = disposableDeletionWindow
	}
	key, err := kms.NewKey(ctx, h.name+"-key", &kms.KeyArgs{
		Description:          pulumi.String("Encrypts the alert topics " + h.prefix + "-*"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(window),
		Tags:                 h.tags,
	}, pulumi.Parent(h))
	if err != nil {
		return err
	}
	if _, err := kms.NewKeyPolicy(ctx, h.name+"-key-policy", &kms.KeyPolicyArgs{
		KeyId:  key.KeyId,
		Policy: pulumi.String(keyPolicy(h.home, args.PublishingRoleArns).JSON()),
	}, pulumi.Parent(h)); err != nil {
		return err
	}
	if _, err := kms.NewAlias(ctx, h.name+"-key-alias", &kms.AliasArgs{
		Name:        pulumi.String("alias/" + h.prefix),
		TargetKeyId: key.KeyId,
	}, pulumi.Parent(h)); err != nil {
		return err
	}
	h.key, h.KeyArn = key, key.Arn
	return nil
}

// newTopics declares every severity's topic from the start: a topic's name is for ever, because a new topic makes
// everybody confirm again.
func (h *AlertHub) newTopics(ctx *pulumi.Context, args *AlertHubArgs) error {
	h.topics, h.chatTopics = map[Severity]*sns.Topic{}, map[Severity]*sns.Topic{}
	arns := pulumi.StringMap{}
	for _, severity := range Severities {
		suffix := string(severity)
		document := topicPolicy(h.home, h.prefix, h.topicARN(suffix), args.PublishingRoleArns).JSON()
		topic, err := h.newTopic(ctx, suffix, document)
		if err != nil {
			return err
		}
		h.topics[severity], arns[suffix] = topic, topic.Arn
		if args.Slack == nil {
			continue
		}
		suffix += "-chat"
		document = chatTopicPolicy(h.home, h.prefix, h.topicARN(suffix)).JSON()
		if h.chatTopics[severity], err = h.newTopic(ctx, suffix, document); err != nil {
			return err
		}
	}
	h.TopicArns = arns.ToStringMapOutput()
	return nil
}

// TopicNames are the names of the hub's topics, those for Slack last. All are in the home Region.
func (h *AlertHub) TopicNames() []string {
	var names, chat []string
	for _, severity := range Severities {
		names = append(names, h.prefix+"-"+string(severity))
		if h.chatTopics[severity] != nil {
			chat = append(chat, h.prefix+"-"+string(severity)+"-chat")
		}
	}
	return append(names, chat...)
}

func (h *AlertHub) topicARN(suffix string) string { return h.home.ARN("sns", h.prefix+"-"+suffix) }

func (h *AlertHub) newTopic(ctx *pulumi.Context, suffix, document string) (*sns.Topic, error) {
	topic, err := sns.NewTopic(ctx, h.name+"-"+suffix, &sns.TopicArgs{
		Name:           pulumi.String(h.prefix + "-" + suffix),
		KmsMasterKeyId: h.key.Arn,
		Tags:           h.tags,
	}, pulumi.Parent(h))
	if err != nil {
		return nil, err
	}
	_, err = sns.NewTopicPolicy(ctx, h.name+"-"+suffix+"-policy", &sns.TopicPolicyArgs{
		Arn:    topic.Arn,
		Policy: pulumi.String(document),
	}, pulumi.Parent(h))
	return topic, err
}
