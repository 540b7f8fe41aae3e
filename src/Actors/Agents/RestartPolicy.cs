using System.Globalization;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents;

/// <summary>Whether, and when, an ended agent runs again. Knows neither clock nor dice: both are given.</summary>
public static class RestartPolicy
{
    /// <summary>The wait after a rate limit whose end is unknown, doubling up to <see cref="LongestLimit"/>.</summary>
    public static readonly TimeSpan FirstLimit = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestLimit = TimeSpan.FromMinutes(15);

    /// <param name="random">Uniform in [0, 1).</param>
    public static (RestartDecision Decision, RestartHistory History) Decide(
        RestartOptions options, RestartHistory history, ExitFacts exit, DateTimeOffset now, double random)
    {
        // Health first: a run that was stable forgives what was before it, whatever ended it.
        var stable = exit.Ending != RunEnding.SpawnFailed && exit.RanFor - exit.QuietFor >= options.StableAfter;
        if (stable)
        {
            history = RestartHistory.None;
        }

        if (exit is { Ending: RunEnding.Exited, Code: { } code } && options.PreventExitCodes.Contains(code))
        {
            return (new RestartDecision.Fail($"{exit.Why}: listed in preventExitCodes"), history);
        }

        if (exit.Succeeded)
        {
            if (options.Policy != RestartWhen.Always)
            {
                return (new RestartDecision.Complete(exit.Why), RestartHistory.None);
            }

            if (stable)
            {
                return (Later(options, 1, now, random, $"{exit.Why} after {Say(exit.RanFor)}; policy always"), RestartHistory.None);
            }

            // Below: to end at once, over and over, is a failure too, even with status 0.
        }
        else if (options.Policy == RestartWhen.Never)
        {
            return (new RestartDecision.Fail($"{exit.Why}; policy never"), history);
        }
        else if (exit.RateLimit is { } limit)
        {
            return Limited(options, history, limit, now, random);
        }
        else if (exit.Ending == RunEnding.Lost)
        {
            // Not the agent's fault, so it counts towards no crash loop; still never in a tight circle.
            history = history with { Losses = Next(history.Losses), RateLimits = 0 };
            return (Later(options, history.Losses, now, random, exit.Why), history);
        }

        return Failed(options, history, exit, now, random);
    }

    /// <summary>Uniform in [base·(1−jitter), min(max, base·(1+jitter))], base never above max: spread at the cap too, and never above it.</summary>
    public static TimeSpan Delay(RestartOptions options, int failures, double random) =>
        Spread(Grown(options.Initial, options.Factor, options.Max, failures), options.Max, options.Jitter, random);

    static (RestartDecision, RestartHistory) Failed(RestartOptions options, RestartHistory history, ExitFacts exit, DateTimeOffset now, double random)
    {
        var loop = options.CrashLoop;
        // By the times of the failures themselves: the window slides, and whatever has left it is forgotten. Times that lie ahead
        // come from a clock since set back, and prove nothing.
        DateTimeOffset[] recent = [.. history.Recent.Where(at => at <= now && now - at < loop.Within).Append(now).TakeLast(loop.Failures)];
        history = new RestartHistory(Next(history.Failures), recent, history.CrashLooping || recent.Length >= loop.Failures, RateLimits: 0, Losses: 0);
        var what = $"{exit.Why} after {Say(exit.RanFor)}";
        if (!history.CrashLooping)
        {
            return (Later(options, history.Failures, now, random, $"{what}; failure {Say(recent.Length)} of {Say(loop.Failures)} within {Say(loop.Within)}"), history);
        }

        DateTimeOffset? retry = loop.RetryEvery == TimeSpan.Zero ? null : now + loop.RetryEvery + Window(options, loop.RetryEvery) * random;
        return (new RestartDecision.CrashLoop(retry, $"{what}; {Say(recent.Length)} failures within {Say(loop.Within)}"), history);
    }

    static (RestartDecision, RestartHistory) Limited(RestartOptions options, RestartHistory history, RateLimit limit, DateTimeOffset now, double random)
    {
        // An end that has passed already and yet did not help is as good as none.
        if (limit.Until is { } until && until > now)
        {
            var at = until + Window(options, until - now) * random;
            return (new RestartDecision.Wait(until, at, $"rate limited until {until:u}"), history with { Losses = 0 });
        }

        history = history with { RateLimits = Next(history.RateLimits), Losses = 0 };
        var wait = Grown(FirstLimit, 2, LongestLimit, history.RateLimits);
        return (new RestartDecision.Wait(now + wait, now + wait + Window(options, wait) * random,
            $"rate limited, no end given; wait {Say(history.RateLimits)} is {Say(wait)}"), history);
    }

    static RestartDecision.Start Later(RestartOptions options, int failures, DateTimeOffset now, double random, string reason)
    {
        var delay = Delay(options, failures, random);
        return new RestartDecision.Start(now + delay, delay, reason);
    }

    /// <summary>How far starts after a long common wait are spread: a fleet must not return in one instant, nor much too late.</summary>
    static TimeSpan Window(RestartOptions options, TimeSpan wait) => TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * options.Jitter), options.Max.Ticks));

    static TimeSpan Grown(TimeSpan initial, double factor, TimeSpan max, int times)
    {
        if (initial <= TimeSpan.Zero)
        {
            return TimeSpan.Zero; // and not 0 times infinity
        }

        // Infinity for a large number of times; the smaller of the two is then max.
        return TimeSpan.FromTicks((long)Math.Min(max.Ticks, initial.Ticks * Math.Pow(factor, Math.Max(0, times - 1))));
    }

    static TimeSpan Spread(TimeSpan middle, TimeSpan max, double jitter, double random)
    {
        var low = middle.Ticks * (1 - jitter);
        var high = Math.Min(max.Ticks, middle.Ticks * (1 + jitter));
        return TimeSpan.FromTicks((long)Math.Min(max.Ticks, low + (high - low) * random));
    }

    static int Next(int count) => count == int.MaxValue ? count : count + 1;

    static string Say(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Say(TimeSpan time) => Common.Durations.Say(time);
}
