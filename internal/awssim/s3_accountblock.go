package awssim

const s3AccountBlockDoc = s3API + "control_PutPublicAccessBlock.html"

// s3AccountBlockType is block public access for the whole account. Every bucket has the
// stricter of its own settings and these.
var s3AccountBlockType = resourceType{
	create: s3CreateAccountBlock, read: s3ReadAccountBlock, update: s3UpdateAccountBlock, delete: s3DeleteAccountBlock,
}

// s3OwnAccount refuses the settings of another account, which only its own principals reach.
func (c *call) s3OwnAccount(id string) error {
	if id != c.ID {
		return refuse("AccessDenied", "Access Denied: account "+id+" is not the caller's", s3AccountBlockDoc)
	}
	return nil
}

// s3SetAccountBlock replaces the settings, somebody else's included.
func (c *call) s3SetAccountBlock(block *s3PublicAccess) error {
	if err := c.may("s3:PutAccountPublicAccessBlock", "*"); err != nil {
		return err
	}
	c.S3.PublicAccess = block
	return nil
}

func s3CreateAccountBlock(c *call, in props) (string, props, error) {
	id := strOr(in, "accountId", c.ID)
	if err := c.s3OwnAccount(id); err != nil {
		return "", nil, err
	}
	return id, props{"accountId": id}, c.s3SetAccountBlock(s3PublicAccessOf(in))
}

func s3ReadAccountBlock(c *call, id string, _ props) (props, error) {
	if err := c.s3OwnAccount(id); err != nil {
		return nil, err
	}
	if c.S3.PublicAccess == nil {
		return nil, errNotFound
	}
	out := c.S3.PublicAccess.props()
	out["accountId"] = id
	return out, c.may("s3:GetAccountPublicAccessBlock", "*")
}

func s3UpdateAccountBlock(c *call, id string, _, in props) (props, error) {
	return props{"accountId": id}, c.s3SetAccountBlock(s3PublicAccessOf(in))
}

func s3DeleteAccountBlock(c *call, _ string, _ props) error {
	if c.S3.PublicAccess == nil {
		return errNotFound
	}
	return c.s3SetAccountBlock(nil)
}
