package awssim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Options say which account is simulated and who uses it.
type Options struct {
	// File keeps the account between runs; "" keeps it in memory only. It holds what
	// was deployed, the values of secrets included, and is readable by its owner only.
	File string
	// Partition is "aws" (default), "aws-cn" or "aws-us-gov".
	Partition string
	// AccountID is the account's 12 digits; default "123456789012".
	AccountID string
	// Caller is the ARN of the IAM role or user that makes the calls; default
	// arn:PARTITION:iam::ACCOUNT:role/ci/account-baseline-deployer. It exists in the
	// account, with AdministratorAccess attached, unless the account already has it.
	// The account's root user (arn:PARTITION:iam::ACCOUNT:root) may call too.
	Caller string
	// MFA tells whether the caller's session was made with multi-factor authentication.
	MFA bool
	// Around, when not nil, is put around every create, read, update and delete: it may
	// fail or delay them, lose their answers, and record them.
	Around Around
	// BillingHidden makes the account one in which nobody has activated IAM access to
	// billing, see Settings. It stays so until somebody changes the account.
	BillingHidden bool
	// Now is the account's clock; default time.Now.
	Now func() time.Time
}

const (
	defaultAccountID = "123456789012"
	defaultCaller    = "role/ci/account-baseline-deployer"
)

var accountIDPattern = regexp.MustCompile(`^[0-9]{12}$`)

func (o *Options) complete() error {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if _, ok := partitions[o.Partition]; !ok {
		return fmt.Errorf("partition %q is unknown; known are %s", o.Partition, strings.Join(sortedKeys(partitions), ", "))
	}
	if o.AccountID == "" {
		o.AccountID = defaultAccountID
	}
	if !accountIDPattern.MatchString(o.AccountID) {
		return fmt.Errorf("account id %q is not 12 digits", o.AccountID)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	prefix := "arn:" + o.Partition + ":iam::" + o.AccountID + ":"
	if o.Caller == "" {
		o.Caller = prefix + defaultCaller
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(o.Caller, prefix), "/")
	if !strings.HasPrefix(o.Caller, prefix) || kind != "role" && kind != "user" && kind != "root" {
		return fmt.Errorf("caller %q is not the ARN of a role or user of the account; such an ARN starts with %srole/ or %suser/",
			o.Caller, prefix, prefix)
	}
	return nil
}

// Server serves one simulated account.
type Server struct {
	account  *Account
	options  Options
	listener net.Listener
	grpc     *grpc.Server
	done     chan error
}

// Serve starts a server on a free port of 127.0.0.1. It fails when an option is
// impossible or the account file cannot be read.
func Serve(o Options) (*Server, error) {
	if err := o.complete(); err != nil {
		return nil, fmt.Errorf("simulated account: %w", err)
	}
	account, err := openAccount(o)
	if err != nil {
		return nil, err
	}
	if err := account.Update(func(a *Account) {
		a.settle(o.Caller)
		a.Settings.BillingHidden = a.Settings.BillingHidden || o.BillingHidden
	}); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("simulated account: %w", err)
	}
	s := &Server{account: account, options: o, listener: listener, done: make(chan error, 1)}
	s.grpc = grpc.NewServer(grpc.StatsHandler(sessions{}),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
	pulumirpc.RegisterResourceProviderServer(s.grpc, &provider{account: account, options: o})
	go func() { s.done <- s.grpc.Serve(listener) }()
	return s, nil
}

// maxMessage is the engine's own limit for a message.
const maxMessage = 1024 * 1024 * 400

// Port is the TCP port to attach to.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Account is the account that is served.
func (s *Server) Account() *Account { return s.account }

// Close ends the server. Calls under way are cut off; the account file is complete
// at any time.
func (s *Server) Close() error {
	s.grpc.Stop()
	if err := <-s.done; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("simulated account: %w", err)
	}
	return nil
}

// callerPrincipal is the options' caller as the policy evaluator sees it.
func (o Options) callerPrincipal() policyeval.Principal {
	return policyeval.Principal{ARN: o.Caller, Account: o.AccountID, Root: strings.HasSuffix(o.Caller, ":root")}
}

// sessions gives every connection a session of its own: the engine opens one
// connection per provider instance and configures it there.
type sessions struct{}

type sessionKey struct{}

func (sessions) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, sessionKey{}, &session{})
}
func (sessions) HandleConn(context.Context, stats.ConnStats)                     {}
func (sessions) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
func (sessions) HandleRPC(context.Context, stats.RPCStats)                       {}
func sessionOf(ctx context.Context) *session                                     { return ctx.Value(sessionKey{}).(*session) }
