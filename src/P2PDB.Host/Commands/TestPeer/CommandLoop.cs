using System.Text;
using System.Text.Json;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Reads command lines and runs them side by side; each gets exactly one reply, in whatever order they end.</summary>
internal sealed class CommandLoop(CommandTable commands, EventWriter events)
{
    /// <summary>Commands that run at once. Past it no line is read: a script that floods is slowed down.</summary>
    private const int RunningCountMax = 1_024;

    /// <summary>Runs until the command <c>exit</c> or the end of the input; true for <c>exit</c>.</summary>
    public async Task<bool> RunAsync(Stream input, CancellationToken cancellationToken)
    {
        // Not disposed: commands may outlive the reading by a moment, and it holds no handle.
        var places = new SemaphoreSlim(RunningCountMax);
        using var lines = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;

            if (!TryParse(line, out JsonElement fields))
            {
                events.WriteError("command", "BadLine", "not a JSON object");
                continue;
            }

            var request = new CommandRequest(fields);
            if (IsExit(fields))
            {
                events.Write("done", json => WriteHead(json, "exit", request.Id));
                return true;
            }

            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ = Task.Run(() => AnswerAsync(request, places, cancellationToken), CancellationToken.None);   // ends with its reply
        }

        return false;
    }

    private static bool TryParse(string line, out JsonElement fields)
    {
        fields = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            fields = document.RootElement.Clone();
            return fields.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsExit(JsonElement fields) =>
        fields.TryGetProperty("cmd", out JsonElement name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("exit");

    private static void WriteHead(Utf8JsonWriter json, string name, JsonElement id)
    {
        json.WriteString("cmd", name);
        if (id.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("id");
            id.WriteTo(json);
        }
    }

    private async Task AnswerAsync(CommandRequest request, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            string name = request.Name;
            if (!commands.TryFind(name, out string reply, out CommandHandler handler))
                throw new CommandFailedException("UnknownCommand", "unknown command");

            Action<Utf8JsonWriter> fields = await handler(request, cancellationToken).ConfigureAwait(false);
            events.Write(reply, json =>
            {
                WriteHead(json, name, request.Id);
                fields(json);
            });
        }
        catch (CommandFailedException failure)
        {
            WriteFailure(request, failure.Name, failure.Message);
        }
        catch (StreamResetException failure)
        {
            WriteFailure(request, "StreamReset", failure.Message);
        }
        catch (OperationCanceledException)
        {
            WriteFailure(request, "Ending", "the peer ends");
        }
        catch (Exception failure)
        {
            // Whatever it is, the command gets its reply: a script that waits for one would hang.
            WriteFailure(request, failure.GetType().Name, failure.Message);
        }
        finally
        {
            places.Release();
        }
    }

    private void WriteFailure(CommandRequest request, string name, string message) => events.WriteError("command", name, message, json =>
    {
        string command;
        try
        {
            command = request.Name;
        }
        catch (CommandFailedException)
        {
            command = "";   // a name that is no text is what failed
        }

        WriteHead(json, command, request.Id);
    });
}
