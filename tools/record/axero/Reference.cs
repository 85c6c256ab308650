// What ASP.NET Web API and Json.NET make of a persona body: reads one request a line from standard input
// ({"name", "request": {"method", "target", "headers", "body"|"body_base64"}}) and writes the same line with its answer.
// The reading is the framework's own; the saving rules are those of docs/providers/axero.md.
using System;
using System.Collections.Generic;
using System.Data.SqlTypes;
using System.IO;
using System.Linq;
using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

public class ConditionModel
{
    public int ConditionID { get; set; }
    public int PersonaID { get; set; }
    public int ProfileFieldID { get; set; }
    public string ConditionValue { get; set; }
    public int ConditionOperatorType { get; set; }
    public int ParentID { get; set; }
    public int PersonaMatchCondition { get; set; }
    public string GroupName { get; set; }
}

public class ActionModel
{
    int? index;
    public int ActionID { get; set; }
    public int PersonaID { get; set; }
    public string ActionValue { get; set; }
    public int ActionType { get; set; }
    public int Index { get { return index ?? 0; } set { index = value; } }
    public int IndexOr(int position) { return index ?? position; }
}

public class PersonaModel
{
    public int PersonaID { get; set; }
    public string Name { get; set; }
    public bool? IsEnabled { get; set; }
    public bool? IncludeActions { get; set; }
    public bool? RunActionOnSave { get; set; }
    public bool? RunActionsOnSave { get; set; }
    public int? PersonaMatchCondition { get; set; }
    public List<ConditionModel> PersonaConditions { get; set; }
    public List<ActionModel> PersonaActions { get; set; }
}

public class Condition
{
    public int ConditionID, PersonaID, ProfileFieldID;
    public string ConditionValue;
    public int CreatedBy, UpdatedBy;
    public DateTime LastUpdated;
    public int ConditionOperatorType, ParentID, PersonaMatchCondition;
    public string GroupName;
}

public class PersonaAction
{
    public int ActionID, PersonaID;
    public string ActionValue;
    public int CreatedBy, UpdatedBy;
    public DateTime LastUpdated;
    public int ActionType, Index;
}

public class Persona
{
    public int PersonaID;
    public string Name;
    public int CreatedBy, UpdatedBy;
    public DateTime DateCreated, LastUpdated;
    public bool IsEnabled, IncludeActions;
    public int PersonaMatchCondition;
    public List<Condition> PersonaConditions = new List<Condition>();
    public List<PersonaAction> PersonaActions = new List<PersonaAction>();
    public string EditAbsoluteURL, DateCreatedString, LastUpdatedString;
    public bool RunActionsOnSave;
    public string CreatedByUserDisplayName, UpdatedByUserDisplayName;
}

public class Envelope
{
    public bool IsError;
    public string ResponseMessage;
    public object ResponseData;
}

public class Refusal
{
    public string Message;
}

/// The site before each request, as the fixture has it.
public class Site
{
    readonly string fixture, site;
    readonly DateTime now;
    public Site(string fixture, string site, DateTime now) { this.fixture = fixture; this.site = site; this.now = now; Reset(); }

    Dictionary<int, Persona> personas;
    Dictionary<int, string> users;
    int nextPersona, nextCondition, nextAction, caller;

    public void Reset()
    {
        var settings = new JsonSerializerSettings { DateTimeZoneHandling = DateTimeZoneHandling.Utc };
        var root = JsonConvert.DeserializeObject<JObject>(fixture, settings);
        var serializer = JsonSerializer.Create(settings);
        users = root["users"].ToDictionary(u => (int)u["UserID"], u => (string)u["DisplayName"]);
        caller = (int)root["users"].First["UserID"];
        personas = root["personas"].Select(p => p.ToObject<Persona>(serializer)).ToDictionary(p => p.PersonaID);
        foreach (var persona in personas.Values)
        {
            persona.DateCreated = Column(persona.DateCreated);
            persona.PersonaConditions.ForEach(c => c.PersonaID = persona.PersonaID);
            persona.PersonaActions.ForEach(a => a.PersonaID = persona.PersonaID);
        }
        nextPersona = (int)root["next_ids"]["axero.persona"];
        nextCondition = (int)root["next_ids"]["axero.condition"];
        nextAction = (int)root["next_ids"]["axero.action"];
    }

    public Envelope Post(PersonaModel model, bool valid)
    {
        if (model == null || !valid || string.IsNullOrWhiteSpace(model.Name) || HasNullItem(model))
            return new Envelope { IsError = true, ResponseMessage = "Required field missing" };
        var persona = new Persona { PersonaID = nextPersona++, CreatedBy = caller, DateCreated = Column(now) };
        return Save(persona, model);
    }

    public Envelope Put(int id, PersonaModel model, bool valid)
    {
        Persona persona = null;
        if (model == null || !valid || HasNullItem(model)
            || (model.Name != null && string.IsNullOrWhiteSpace(model.Name))
            || (model.PersonaID != 0 && model.PersonaID != id)
            || !personas.TryGetValue(id, out persona))
            return new Envelope { IsError = true, ResponseMessage = "Required parameter is missing or invalid." };
        return Save(persona, model);
    }

    static bool HasNullItem(PersonaModel model)
    {
        return (model.PersonaConditions != null && model.PersonaConditions.Contains(null))
            || (model.PersonaActions != null && model.PersonaActions.Contains(null));
    }

    Envelope Save(Persona persona, PersonaModel model)
    {
        persona.Name = model.Name ?? persona.Name;
        persona.IsEnabled = model.IsEnabled ?? persona.IsEnabled;
        persona.IncludeActions = model.IncludeActions ?? persona.IncludeActions;
        persona.RunActionsOnSave = model.RunActionsOnSave ?? model.RunActionOnSave ?? persona.RunActionsOnSave;
        persona.PersonaMatchCondition = model.PersonaMatchCondition ?? persona.PersonaMatchCondition;
        persona.UpdatedBy = caller;
        persona.LastUpdated = Column(now);
        if (model.PersonaConditions != null)
        {
            var known = persona.PersonaConditions.ToDictionary(c => c.ConditionID);
            persona.PersonaConditions = model.PersonaConditions.Select(item =>
            {
                Condition old;
                if (known.TryGetValue(item.ConditionID, out old)) known.Remove(item.ConditionID);
                return new Condition
                {
                    ConditionID = old != null ? old.ConditionID : nextCondition++,
                    PersonaID = persona.PersonaID,
                    ProfileFieldID = item.ProfileFieldID,
                    ConditionValue = item.ConditionValue,
                    CreatedBy = old != null ? old.CreatedBy : caller,
                    ConditionOperatorType = item.ConditionOperatorType,
                    ParentID = item.ParentID,
                    PersonaMatchCondition = item.PersonaMatchCondition,
                    GroupName = item.GroupName,
                };
            }).ToList();
        }
        if (model.PersonaActions != null)
        {
            var known = persona.PersonaActions.ToDictionary(a => a.ActionID);
            persona.PersonaActions = model.PersonaActions.Select((item, position) =>
            {
                PersonaAction old;
                if (known.TryGetValue(item.ActionID, out old)) known.Remove(item.ActionID);
                return new PersonaAction
                {
                    ActionID = old != null ? old.ActionID : nextAction++,
                    PersonaID = persona.PersonaID,
                    ActionValue = item.ActionValue,
                    CreatedBy = old != null ? old.CreatedBy : caller,
                    ActionType = item.ActionType,
                    Index = item.IndexOr(position),
                };
            }).ToList();
        }
        var children = Column(now.AddMilliseconds(187));
        persona.PersonaConditions.ForEach(c => { c.LastUpdated = children; c.UpdatedBy = caller; });
        persona.PersonaActions.ForEach(a => { a.LastUpdated = children; a.UpdatedBy = caller; });
        persona.EditAbsoluteURL = site + "/personas/addedit/" + persona.PersonaID;
        persona.DateCreatedString = Words(now - persona.DateCreated);
        persona.LastUpdatedString = Words(now - persona.LastUpdated);
        persona.CreatedByUserDisplayName = users[persona.CreatedBy];
        persona.UpdatedByUserDisplayName = users[persona.UpdatedBy];
        return new Envelope { ResponseMessage = "Changes saved successfully", ResponseData = persona };
    }

    /// A SQL Server `datetime` column keeps three-hundredths of a second and gives the value back without a zone.
    public static DateTime Column(DateTime value)
    {
        return DateTime.SpecifyKind(new SqlDateTime(DateTime.SpecifyKind(value, DateTimeKind.Unspecified)).Value, DateTimeKind.Unspecified);
    }

    static string Words(TimeSpan age)
    {
        if (age.TotalSeconds < 60) return "just now";
        if (age.TotalMinutes < 2) return "1 minute ago";
        if (age.TotalMinutes < 60) return (int)age.TotalMinutes + " minutes ago";
        if (age.TotalHours < 2) return "1 hour ago";
        if (age.TotalHours < 24) return (int)age.TotalHours + " hours ago";
        if (age.TotalDays < 2) return "1 day ago";
        return (int)age.TotalDays + " days ago";
    }
}

public static class Reference
{
    static readonly Encoding[] Supported =
    {
        new UTF8Encoding(false, true),
        new UnicodeEncoding(false, true, true),
    };

    /// The formatter's way of reading: errors are collected, the value read so far is returned.
    static PersonaModel Read(byte[] body, Encoding encoding, out bool valid)
    {
        bool clean = true;
        PersonaModel model = null;
        try
        {
            using (var reader = new JsonTextReader(new StreamReader(new MemoryStream(body), encoding)) { CloseInput = false, MaxDepth = 256 })
            {
                var serializer = JsonSerializer.Create(new JsonSerializerSettings
                {
                    MissingMemberHandling = MissingMemberHandling.Ignore,
                    TypeNameHandling = TypeNameHandling.None,
                });
                serializer.Error += (sender, e) => { clean = false; e.ErrorContext.Handled = true; };
                model = (PersonaModel)serializer.Deserialize(reader, typeof(PersonaModel));
            }
        }
        catch (Exception)
        {
            clean = false;
        }
        valid = clean;
        return model;
    }

    static bool IsJson(MediaTypeHeaderValue type)
    {
        var media = type.MediaType;
        return new[] { "application/json", "text/json", "application/*", "text/*", "*/*" }.Contains(media, StringComparer.OrdinalIgnoreCase);
    }

    static Encoding Charset(MediaTypeHeaderValue type)
    {
        var named = Supported.FirstOrDefault(e => e.WebName.Equals(type.CharSet ?? "", StringComparison.OrdinalIgnoreCase));
        return named ?? Supported[0];
    }

    static int Answer(Site site, JObject request, out object answer)
    {
        site.Reset();
        var body = request["body_base64"] != null
            ? Convert.FromBase64String((string)request["body_base64"])
            : Encoding.UTF8.GetBytes((string)request["body"] ?? "");
        string header = request["headers"].Where(h => ((string)h[0]).ToLowerInvariant() == "content-type").Select(h => (string)h[1]).FirstOrDefault();
        MediaTypeHeaderValue type = null;
        if (header != null && !MediaTypeHeaderValue.TryParse(header, out type)) type = null;

        bool valid = true;
        PersonaModel model = null;
        if (body.Length > 0)
        {
            if (type == null || !IsJson(type))
            {
                answer = new Refusal
                {
                    Message = type == null
                        ? "The request contains an entity body but no Content-Type header. The inferred media type 'application/octet-stream' is not supported for this resource."
                        : "The request entity's media type '" + type.MediaType + "' is not supported for this resource.",
                };
                return 415;
            }
            model = Read(body, Charset(type), out valid);
        }
        var target = ((string)request["target"]).Split('/');
        answer = (string)request["method"] == "POST"
            ? site.Post(model, valid)
            : site.Put(int.Parse(target[target.Length - 1]), model, valid);
        return 200;
    }

    public static int Main(string[] args)
    {
        Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(false);
        if (args.Length == 1 && args[0] == "--versions")
        {
            Console.WriteLine(typeof(JsonConvert).Assembly.GetName().Version);
            return 0;
        }
        if (args.Length == 1 && args[0] == "--dates")
        {
            for (var instant = Console.ReadLine(); instant != null; instant = Console.ReadLine())
            {
                var read = DateTime.Parse(instant, null, System.Globalization.DateTimeStyles.AdjustToUniversal);
                Console.WriteLine(JsonConvert.SerializeObject(new object[] { instant, Site.Column(read) }));
            }
            return 0;
        }
        var now = DateTime.Parse(args[1], null, System.Globalization.DateTimeStyles.AdjustToUniversal);
        var site = new Site(File.ReadAllText(args[0]), args[2], now);
        var plain = new JsonSerializerSettings { DateParseHandling = DateParseHandling.None };
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var exchange = JsonConvert.DeserializeObject<JObject>(line, plain);
            object answer;
            int status = Answer(site, (JObject)exchange["request"], out answer);
            exchange["response"] = new JObject
            {
                { "status", status },
                { "headers", new JArray { new JArray("content-type", "application/json; charset=utf-8") } },
                { "body", JsonConvert.SerializeObject(answer) },
            };
            Console.WriteLine(exchange.ToString(Formatting.None));
        }
        return 0;
    }
}
