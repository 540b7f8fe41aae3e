using Supervisor.Actors.Serialization;

namespace Supervisor.Host.Endpoints;

/// <summary>Answers: documents in the public JSON, and RFC 9457 problems.</summary>
public static class Answers
{
    public static IResult Document(object document, int status = StatusCodes.Status200OK) => Results.Json(document, WireJson.Public, statusCode: status);

    public static IResult Problem(int status, string detail, IDictionary<string, object?>? more = null) =>
        Results.Problem(detail: detail, statusCode: status, extensions: more);
}
