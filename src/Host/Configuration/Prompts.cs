using System.Globalization;
using System.Text;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>An agent's prompt file to its prompt.</summary>
internal static class Prompts
{
    private const int MaxBytes = 1 << 20;

    /// <summary>The text, or null and what is wrong with the file.</summary>
    public static (string? Text, string? Wrong) Read(string file, string written)
    {
        var name = YamlText.Quote(written);
        try
        {
            var bytes = YamlSource.ReadBounded(file, MaxBytes);
            if (bytes.Length > MaxBytes)
            {
                return (null, $"the prompt file {name} is larger than 1MiB");
            }
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            return string.IsNullOrWhiteSpace(text) ? (null, $"the prompt file {name} is empty")
                : text.Contains('\0') ? (null, $"the prompt file {name} holds U+0000, which no program can be given")
                : (text, null);
        }
        catch (DecoderFallbackException)
        {
            return (null, $"the prompt file {name} is not UTF-8; save it as UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot read the prompt file {name} ({file}): {YamlSource.Reason(file, e)}");
        }
    }

    /// <summary>Only these three are replaced; any other {{...}} is the author's own.</summary>
    public static string Fill(string text, AgentOptions agent, int phase)
    {
        // In one pass, so that a name that looks like a placeholder stays a name.
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var (length, value) = text.AsSpan(at) switch
            {
                var s when s.StartsWith("{{agent.id}}") => (12, agent.Id),
                var s when s.StartsWith("{{agent.name}}") => (14, agent.Name),
                var s when s.StartsWith("{{fleet.phase}}") => (15, phase.ToString(CultureInfo.InvariantCulture)),
                _ => (1, null),
            };
            _ = value is null ? result.Append(text[at]) : result.Append(value);
            at += length;
        }
        return result.ToString();
    }
}
